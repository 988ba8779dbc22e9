"""The REST API to read: made in the browser from its own description."""

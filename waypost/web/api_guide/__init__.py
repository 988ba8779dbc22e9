"""Read the API: its OpenAPI document as a page."""

"""The library: templates, looked at and set up, or put into a workflow that is there."""

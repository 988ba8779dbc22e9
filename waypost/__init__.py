"""Waypost: human-in-the-loop workflow automation you host yourself."""

__version__ = "0.1.0"

"""Signing in and out, and the first page of a new installation."""

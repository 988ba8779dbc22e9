"""Trying a workflow out: one integration alone, and dry runs of the whole."""

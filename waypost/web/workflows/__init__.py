"""Workflows: the list, and what one of them consists of."""

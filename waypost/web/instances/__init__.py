"""Runs: the list, and one run with its steps, its open form and its log."""

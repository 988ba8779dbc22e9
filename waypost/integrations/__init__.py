"""Calls to other systems: the one door out, stored secrets, providers."""

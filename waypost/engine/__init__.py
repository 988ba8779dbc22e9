"""The rules. Standard library and msgspec only: no framework, no input or output, no clock, no
randomness.
"""

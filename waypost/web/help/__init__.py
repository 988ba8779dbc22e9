"""Explanations within the product."""

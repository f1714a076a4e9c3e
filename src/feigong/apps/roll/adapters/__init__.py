"""Rows to values of the core, and back."""

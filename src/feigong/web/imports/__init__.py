"""Imports: hand tables in, look at what they would change, apply, take back."""

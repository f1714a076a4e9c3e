"""Enterprises with too few members and nobody to join with: what is missing, what it would take, what was agreed."""

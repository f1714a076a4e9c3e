"""Enterprises and other units."""

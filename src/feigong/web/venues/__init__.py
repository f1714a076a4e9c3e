"""Rooms where organisations meet."""

"""The tree of superior organisations."""

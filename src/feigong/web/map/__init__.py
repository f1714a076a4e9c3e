"""The district on a map, and the same as a list."""

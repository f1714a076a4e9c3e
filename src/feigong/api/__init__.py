"""REST v1: the same actions and queries for other programs. A door."""

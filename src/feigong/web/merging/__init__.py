"""Records that may be one thing twice."""

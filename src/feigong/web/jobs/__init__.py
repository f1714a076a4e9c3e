"""Background jobs: what is under way, how far it is, how it ended."""

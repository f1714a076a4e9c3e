"""Cases: the list of what is under way, and one with its steps."""

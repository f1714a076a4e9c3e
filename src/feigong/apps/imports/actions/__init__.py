"""Hand in, understand, check, decide, apply, take back. Each function takes who does it and when."""

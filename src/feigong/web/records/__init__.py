"""One record of the roll: what it is, what belongs to it, what happened to it, and all that may be done with it."""

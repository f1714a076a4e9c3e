"""Every change of the roll: one function each, by the one road."""

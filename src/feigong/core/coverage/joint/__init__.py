"""Joint branches: enterprises grouped so that each group can really meet, with a proven bound."""

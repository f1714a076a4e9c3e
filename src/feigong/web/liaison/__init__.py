"""Liaison officers: their own page, visits, and who is to look after whom by a plan."""

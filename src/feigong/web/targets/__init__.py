"""Targets of the year: the table, an area by months, setting, splitting."""

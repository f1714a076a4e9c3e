"""Targets of the year by area and industry: set, split, followed against the calendar. No figure is stored."""

"""Feigong (非公党建): Party organisations in a district's non-public enterprises."""

__version__ = "0.1.0"

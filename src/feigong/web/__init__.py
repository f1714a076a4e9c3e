"""Screens: one folder a screen, shared components. A door: takes what a browser sends, calls actions and queries."""

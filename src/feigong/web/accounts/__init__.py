"""Accounts, as security administrators keep them."""

"""Dues and accounts: amounts are `Decimal` yuan with two places, never floats."""

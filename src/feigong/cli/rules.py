"""Placeholder until the command stands."""

from __future__ import annotations


def command() -> None:
    """Not there yet."""
    raise NotImplementedError

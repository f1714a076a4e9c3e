"""Secrets that are shown once and kept as digests: links of invitations, keys of programs.

They are long and random, so a plain digest is enough: there is nothing to guess.
"""

from __future__ import annotations

import hashlib
import secrets


def new_secret() -> str:
    return secrets.token_urlsafe(32)


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()

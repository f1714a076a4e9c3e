"""Whole files, sealed: the name of the key stands in the head."""

from __future__ import annotations

import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from feigong.apps.seals.keyring import keyring

_HEAD = b"FGU1"  # this form; then the length of the key's name, the name, nonce, sealed content
_NONCE = 12


def seal_bytes(content: bytes) -> bytes:
    ring = keyring()
    name = ring.current.encode()
    nonce = os.urandom(_NONCE)
    head = _HEAD + bytes([len(name)]) + name
    return head + nonce + AESGCM(ring.sealing[ring.current]).encrypt(nonce, content, head)


def open_bytes(kept: bytes) -> bytes:
    """The content; a file that was altered raises ``InvalidTag``."""
    if not kept.startswith(_HEAD):
        raise ValueError("not a sealed file")
    at = len(_HEAD) + 1 + kept[len(_HEAD)]
    head, nonce, body = kept[:at], kept[at : at + _NONCE], kept[at + _NONCE :]
    return AESGCM(keyring().sealing[head[len(_HEAD) + 1 :].decode()]).decrypt(nonce, body, head)


def key_of(kept: bytes) -> str:
    """The name of the key a file is sealed with."""
    return kept[len(_HEAD) + 1 : len(_HEAD) + 1 + kept[len(_HEAD)]].decode()

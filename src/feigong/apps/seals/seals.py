"""Seal and open: AES-256-GCM by default, SM4-GCM by setting (GM/T); a sealed text says how and with which key."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.conf import settings

from feigong.apps.seals.keyring import keyring

_NONCE = 12
_TAG = 16


def _cipher(kind: str, key: bytes, nonce: bytes, tag: bytes | None = None) -> Cipher[modes.GCM]:
    if kind == "aes-gcm":
        return Cipher(algorithms.AES256(key), modes.GCM(nonce, tag))
    if kind == "sm4-gcm":
        return Cipher(algorithms.SM4(hashlib.sha256(key).digest()[:16]), modes.GCM(nonce, tag))
    raise ValueError(f"no cipher {kind!r}")


def seal(plain: str) -> str:
    """Seal a text with the current key; the empty text stays empty."""
    if not plain:
        return ""
    ring = keyring()
    kind: str = settings.CIPHER
    nonce = os.urandom(_NONCE)
    encryptor = _cipher(kind, ring.sealing[ring.current], nonce).encryptor()
    body = encryptor.update(plain.encode()) + encryptor.finalize()
    return f"{ring.current}:{kind}:{base64.b64encode(nonce + encryptor.tag + body).decode()}"


def open_seal(sealed: str) -> str:
    """The text in a sealed field. Whoever calls this has recorded why (`audit`)."""
    if not sealed:
        return ""
    name, kind, text = sealed.split(":", 2)
    raw = base64.b64decode(text)
    nonce, tag, body = raw[:_NONCE], raw[_NONCE : _NONCE + _TAG], raw[_NONCE + _TAG :]
    decryptor = _cipher(kind, keyring().sealing[name], nonce, tag).decryptor()
    return (decryptor.update(body) + decryptor.finalize()).decode()


def index_of(plain: str) -> str:
    """By what an exact value is found again; the empty text has none."""
    if not plain:
        return ""
    return base64.b64encode(hmac.new(keyring().index_key, plain.encode(), hashlib.sha256).digest()).decode()

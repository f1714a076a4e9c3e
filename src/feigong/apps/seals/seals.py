"""Seal and open: AES-256-GCM by default, SM4-GCM by setting (GM/T); a sealed text says how and with which key.

A seal is bound to its purpose (`member.phone`): moved to another field it does not open.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.conf import settings

from feigong.apps.seals.keyring import keyring
from feigong.core.errors import FeigongError
from feigong.core.text import fold

_NONCE = 12
_TAG = 16
_MOBILE = 11  # digits

MARKED = "sealed:"  # how a marker begins
UNREADABLE = "sealed:unreadable"


def _cipher(kind: str, key: bytes, nonce: bytes, tag: bytes | None = None) -> Cipher[modes.GCM]:
    if kind == "aes-gcm":
        return Cipher(algorithms.AES256(key), modes.GCM(nonce, tag))
    if kind == "sm4-gcm":
        return Cipher(algorithms.SM4(hashlib.sha256(key).digest()[:16]), modes.GCM(nonce, tag))
    raise FeigongError("error.seals.cipher", cipher=kind)


def seal(plain: str, purpose: str) -> str:
    """Seal a text with the current key; the empty text stays empty."""
    if not plain:
        return ""
    ring = keyring()
    kind: str = settings.CIPHER
    nonce = os.urandom(_NONCE)
    encryptor = _cipher(kind, ring.sealing_key(ring.current), nonce).encryptor()
    encryptor.authenticate_additional_data(purpose.encode())
    body = encryptor.update(plain.encode()) + encryptor.finalize()
    return f"{ring.current}:{kind}:{base64.b64encode(nonce + encryptor.tag + body).decode()}"


def open_seal(sealed: str, purpose: str) -> str:
    """The text in a sealed field. Whoever shows it to somebody has recorded why (`roll.actions.reveal`)."""
    if not sealed:
        return ""
    try:
        name, kind, text = sealed.split(":", 2)
        raw = base64.b64decode(text, validate=True)
        nonce, tag, body = raw[:_NONCE], raw[_NONCE : _NONCE + _TAG], raw[_NONCE + _TAG :]
        decryptor = _cipher(kind, keyring().sealing_key(name), nonce, tag).decryptor()
        decryptor.authenticate_additional_data(purpose.encode())
        return (decryptor.update(body) + decryptor.finalize()).decode()
    except (InvalidTag, ValueError, binascii.Error) as fault:
        raise FeigongError("error.seals.broken", purpose=purpose) from fault


def sealed_now() -> str:
    """How a text begins that is sealed with the current key and cipher."""
    return f"{keyring().current}:{settings.CIPHER}:"


def normal(plain: str, purpose: str) -> str:
    """The one form in which an ID number or a telephone number is compared; other texts folded only."""
    text = fold(plain)
    match purpose.rpartition(".")[2]:
        case "id_number":
            return "".join(c for c in text if c.isalnum()).upper()
        case "phone":
            digits = "".join(c for c in text if c.isdecimal()).removeprefix("00")
            local = digits.removeprefix("86")
            return local if len(local) == _MOBILE and local.startswith("1") else digits
    return text


def index_of(plain: str, purpose: str) -> str:
    """By what an exact value is found again, however it was typed; the empty text has none.

    Fields of one kind (telephone numbers of members and of workers) share their index.
    """
    text = normal(plain, purpose)
    return base64.b64encode(_keyed("index", purpose.rpartition(".")[2], text)).decode() if text else ""


def marker(sealed: str, purpose: str, about: str) -> str:
    """What the audit notes instead of a sealed text: the same for the same text about the same thing, whichever key
    seals it. Two people with the same number get different markers."""
    if not sealed:
        return ""
    try:
        text = normal(open_seal(sealed, purpose), purpose)
    except FeigongError as error:
        if error.reason.code == "error.seals.broken":
            return UNREADABLE
        raise
    return f"{MARKED}{_keyed('marker', purpose, about, text).hex()[:24]}"


def same_text(one: str, other: str, purpose: str) -> bool:
    """Whether two seals hold the same text. A broken one holds none."""
    try:
        return normal(open_seal(one, purpose), purpose) == normal(open_seal(other, purpose), purpose)
    except FeigongError as error:
        if error.reason.code == "error.seals.broken":
            return False
        raise


def _keyed(*parts: str) -> bytes:
    return hmac.new(keyring().index_key, "\0".join(parts).encode(), hashlib.sha256).digest()

"""Where a request comes from."""

from __future__ import annotations

from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """Where from. A proxy on this machine (and only such a one) is believed what it adds at the end."""
    direct: str = request.META.get("REMOTE_ADDR", "")
    if direct in ("", "127.0.0.1", "::1"):
        last: str = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")[-1].strip()
        return (last or direct)[:60]
    return direct

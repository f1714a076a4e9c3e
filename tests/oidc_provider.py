"""A provider for OpenID Connect on loopback, as strict as a real one: discovery, keys, authorization code with PKCE.

Whoever comes is signed in at once as `Provider.subject`; what it says can be spoiled by `Provider.spoil`.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

CLIENT, SECRET = "feigong", "a-secret-of-the-tests"


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _number(value: int) -> str:
    return b64(value.to_bytes((value.bit_length() + 7) // 8, "big"))


@dataclass
class Provider:
    """Runs while used as a context."""

    subject: str = "staff-0042"
    spoil: Callable[[dict[str, Any]], None] = lambda claims: None  # changes the claims before they are signed
    forge: bool = False  # signs with a key that is not published
    codes: dict[str, dict[str, str]] = field(default_factory=dict)  # given out, not yet redeemed
    refused: list[str] = field(default_factory=list)
    key: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))

    def __enter__(self) -> Provider:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                provider.get(self)

            def do_POST(self) -> None:
                provider.redeem(self)

            def log_message(self, format: str, *args: Any) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    def get(self, request: BaseHTTPRequestHandler) -> None:
        url = urlsplit(request.path)
        match url.path:
            case "/.well-known/openid-configuration":
                self._json(request, {
                    "issuer": self.issuer, "authorization_endpoint": f"{self.issuer}/authorize",
                    "token_endpoint": f"{self.issuer}/token", "userinfo_endpoint": f"{self.issuer}/userinfo",
                    "jwks_uri": f"{self.issuer}/keys", "response_types_supported": ["code"],
                    "subject_types_supported": ["public"], "id_token_signing_alg_values_supported": ["RS256"],
                    "code_challenge_methods_supported": ["S256"],
                    "token_endpoint_auth_methods_supported": ["client_secret_post"],
                })  # fmt: skip
            case "/keys":
                public = self.key.public_key().public_numbers()
                key = {"kty": "RSA", "kid": "k1", "use": "sig", "alg": "RS256"}
                self._json(request, {"keys": [{**key, "n": _number(public.n), "e": _number(public.e)}]})
            case "/authorize":
                self._authorize(request, {name: values[0] for name, values in parse_qs(url.query).items()})
            case _:
                self._json(request, {"error": "not_found"}, 404)

    def _authorize(self, request: BaseHTTPRequestHandler, asked: dict[str, str]) -> None:
        ok = (
            asked.get("client_id") == CLIENT
            and asked.get("response_type") == "code"
            and "openid" in asked.get("scope", "").split()
            and asked.get("code_challenge_method") == "S256"
            and len(asked.get("state", "")) >= 16
        )
        if not ok:
            self.refused.append("authorize")
            self._json(request, {"error": "invalid_request"}, 400)
            return
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        request.send_response(302)
        request.send_header("Location", f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}")
        request.end_headers()

    def redeem(self, request: BaseHTTPRequestHandler) -> None:
        """A code once, by the client with its secret, with the verifier whose digest came with the first request."""
        body = request.rfile.read(int(request.headers["Content-Length"])).decode()
        sent = {name: values[0] for name, values in parse_qs(body).items()}
        asked = self.codes.pop(sent.get("code", ""), {})
        challenge = b64(hashlib.sha256(sent.get("code_verifier", "").encode()).digest())
        ok = (
            asked.get("code_challenge") == challenge
            and sent.get("redirect_uri") == asked["redirect_uri"]
            and (sent.get("client_id"), sent.get("client_secret")) == (CLIENT, SECRET)
        )
        if not ok:
            self.refused.append("token")
            self._json(request, {"error": "invalid_grant"}, 400)
            return
        answer = {"access_token": "none", "token_type": "Bearer", "expires_in": 60, "id_token": self.token()}
        self._json(request, answer)

    def token(self) -> str:
        now = int(time.time())
        claims: dict[str, Any] = {
            "iss": self.issuer, "aud": CLIENT, "sub": self.subject, "iat": now, "exp": now + 60,
            "jti": secrets.token_hex(8),
        }  # fmt: skip
        self.spoil(claims)
        head = {"alg": "RS256", "kid": "k1", "typ": "JWT"}
        text = f"{b64(json.dumps(head).encode())}.{b64(json.dumps(claims).encode())}"
        key = rsa.generate_private_key(65537, 2048) if self.forge else self.key
        return f"{text}.{b64(key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256()))}"

    def _json(self, request: BaseHTTPRequestHandler, content: Any, status: int = 200) -> None:
        raw = json.dumps(content).encode()
        request.send_response(status)
        request.send_header("Content-Type", "application/json")
        request.send_header("Content-Length", str(len(raw)))
        request.end_headers()
        request.wfile.write(raw)

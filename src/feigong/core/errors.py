"""Errors that a user can mend. Each names the place and the mend as a code with parameters, like a reason."""

from __future__ import annotations

from feigong.core.reasons import Param, Reason


class FeigongError(Exception):
    """Bad input or a request that cannot be met. ``reason.code`` begins with ``error.``; doors print its sentence."""

    def __init__(self, code: str, /, **params: Param) -> None:
        self.reason = Reason(code, params)
        shown = ", ".join(f"{k}={v!r}" for k, v in params.items())
        super().__init__(f"{code}({shown})")

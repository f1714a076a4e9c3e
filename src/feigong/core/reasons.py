"""Why something was decided: a code with parameters. Doors turn it into words (`feigong.wording`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

Param = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Reason:
    """A code such as ``"pool.one_or_two_members"`` and the values its sentence needs.

    The sentence itself is data: one entry per code in ``feigong/wording``; a test holds the two together.
    """

    code: str
    params: Mapping[str, Param] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "params", MappingProxyType(dict(self.params)))

    def __hash__(self) -> int:
        return hash((self.code, tuple(sorted(self.params.items(), key=lambda kv: kv[0]))))

    def __reduce__(self) -> tuple[object, ...]:
        return (Reason, (self.code, dict(self.params)))


def reason(code: str, /, **params: Param) -> Reason:
    """Shorthand: ``reason("liaison.no_members", staff=12)``."""
    return Reason(code, params)

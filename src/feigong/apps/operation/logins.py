"""Who may log in to look at the fictional district. Apart from `demo`, which loads it and takes long to import."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from feigong.apps.operation.installation import note

PASSWORD: Final = "feigong-demo-2026"
NOTE: Final = "demo"


@dataclass(frozen=True, slots=True)
class Login:
    username: str
    role: str
    part: str  # of the roll, in words; empty where the role sees none of it


def logins() -> list[Login]:
    """The accounts of the demo, if this installation is one and was loaded to its end."""
    found: Any = note(NOTE).get("logins", [])
    return [Login(**login) for login in found]

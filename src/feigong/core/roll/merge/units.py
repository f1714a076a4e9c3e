"""What kind of unit a row speaks of and who controls it: by what a table says, by its code, last by its name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from feigong.core.roll.merge.names import exact_key
from feigong.core.roll.values import ControlType, UnitKind

NAME_ENDS: Final = "social_name_ends"
_REGISTERED_BY: Final = {  # first two characters of a code: office of registration and class (GB 32100-2015)
    "91": UnitKind.ENTERPRISE,
    "92": UnitKind.SELF_EMPLOYED,
    "93": UnitKind.OTHER,  # farmers' co-operatives
}
_BY_OFFICE: Final = {"5": UnitKind.SOCIAL_ORGANISATION, "1": UnitKind.OTHER, "9": UnitKind.OTHER, "N": UnitKind.OTHER}


def unit_kind(name: str, code: str, entity_type: str, words: Mapping[str, tuple[str, ...]]) -> UnitKind:
    """The kind of a unit.

    Parameters
    ----------
    name, entity_type : str
        As written.
    code : str
        A valid code, or an empty string.
    words : mapping
        Words (lower case) of entity types by kind, in the order in which they are tried; ``social_name_ends``: how
        names of social organisations end.
    """
    said = entity_type.lower()
    for kind, known in words.items():
        if kind != NAME_ENDS and any(w in said for w in known):
            return UnitKind(kind)
    by_code = _REGISTERED_BY.get(code[:2]) or _BY_OFFICE.get(code[:1])
    if by_code is not None:
        return by_code
    if exact_key(name).lower().endswith(words.get(NAME_ENDS, ())):
        return UnitKind.SOCIAL_ORGANISATION
    return UnitKind.ENTERPRISE


def control_type(entity_type: str, kind: UnitKind, words: Mapping[str, tuple[str, ...]]) -> ControlType:
    """Who controls a unit by the words of its type; a self-employed person controls the business."""
    said = entity_type.lower()
    found = next((c for c, known in words.items() if any(w in said for w in known)), "")
    if found:
        return ControlType(found)
    return ControlType.PRIVATE if kind is UnitKind.SELF_EMPLOYED else ControlType.UNKNOWN

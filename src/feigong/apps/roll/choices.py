"""What fields of the roll may hold, for doors. Words: ``<enum>.<value>``, as in ``unit_kind.enterprise``."""

from __future__ import annotations

from feigong.apps.roll.models.areas import AreaKind
from feigong.apps.roll.models.enterprises import ControlType, Standing, UnitKind
from feigong.apps.roll.models.organisations import OrganisationKind
from feigong.apps.roll.models.people import PostRole, Route

__all__ = ["AreaKind", "ControlType", "OrganisationKind", "PostRole", "Route", "Standing", "UnitKind"]

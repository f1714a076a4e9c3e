"""Targets are taken back by whoever could set them."""

from __future__ import annotations

from feigong.apps.accounts.roles import Permission
from feigong.apps.roll.taking_back import register
from feigong.apps.targets.models import Target
from feigong.apps.targets.queries import settable

register(Target, Permission.TARGETS_SET, settable)

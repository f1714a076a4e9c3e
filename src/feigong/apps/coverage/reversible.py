"""What an area plans with is taken back by whoever may set it."""

from __future__ import annotations

from feigong.apps.accounts.roles import Permission
from feigong.apps.coverage.models import Preset
from feigong.apps.coverage.presets import presets
from feigong.apps.roll.taking_back import register

register(Preset, Permission.COVERAGE_PLAN, presets)

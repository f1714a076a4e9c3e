"""What was done in a case is taken back by whoever works on cases and sees it."""

from __future__ import annotations

from feigong.apps.accounts.roles import Permission
from feigong.apps.cases.models import CaseState
from feigong.apps.cases.queries import cases
from feigong.apps.roll.taking_back import register

register(CaseState, Permission.CASES_WORK, cases)

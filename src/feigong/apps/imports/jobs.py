"""What workers do for imports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from feigong.apps.clock import now
from feigong.apps.imports import actions
from feigong.apps.imports.actions.applying import APPLY
from feigong.apps.imports.actions.checking import CHECK
from feigong.apps.imports.actions.taking_back import TAKE_BACK
from feigong.apps.jobs.registry import Context, Params, job
from feigong.apps.roll.settling import settle


@job(CHECK)
def check(context: Context, params: Params) -> Mapping[str, Any]:
    """The sweep goes with it: a check is asked for whenever anybody imports."""
    actions.sweep(now())
    actions.check(params["import"], context, now())
    return {"import": params["import"]}  # what was counted is asked of the import, by whoever may see it


@job(APPLY)
def apply(context: Context, params: Params) -> Mapping[str, Any]:
    done = actions.apply(context.actor, params["import"], context)
    settle()
    return done


@job(TAKE_BACK)
def take_back(context: Context, params: Params) -> Mapping[str, Any]:
    done = actions.take_back(context.actor, params["import"], params["reason"], context)
    settle()
    return done

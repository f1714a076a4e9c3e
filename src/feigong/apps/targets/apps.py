from __future__ import annotations

from django.apps import AppConfig


class TargetsConfig(AppConfig):
    name = "feigong.apps.targets"

    def ready(self) -> None:
        from feigong.apps.accounts.roles import Permission
        from feigong.apps.roll.taking_back import register
        from feigong.apps.targets.models import Target
        from feigong.apps.targets.queries import settable

        register(Target, Permission.TARGETS_SET, settable)

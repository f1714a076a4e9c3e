"""Addresses of the screens."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("feigong.web.home.urls")),
    path("enterprises/", include("feigong.web.enterprises.urls")),
    path("organisations/", include("feigong.web.organisations.urls")),
    path("members/", include("feigong.web.members.urls")),
    path("workers/", include("feigong.web.workers.urls")),
    path("venues/", include("feigong.web.venues.urls")),
    path("areas/", include("feigong.web.areas.urls")),
    path("map/", include("feigong.web.map.urls")),
    path("merging/", include("feigong.web.merging.urls")),
    path("records/", include("feigong.web.records.urls")),
    path("superiors/", include("feigong.web.superiors.urls")),
    path("", include("feigong.web.login.urls")),
    path("accounts/", include("feigong.web.accounts.urls")),
    path("coverage/", include("feigong.web.coverage.urls")),
    path("coverage/branches/", include("feigong.web.coverage.branch_urls")),
    path("targets/", include("feigong.web.targets.urls")),
    path("cases/", include("feigong.web.cases.urls")),
    path("shortage/", include("feigong.web.shortage.urls")),
    path("visits/", include("feigong.web.liaison.visits_urls")),
    path("liaison/", include("feigong.web.liaison.urls")),
    path("movement/", include("feigong.web.movement.urls")),
    path("documents/", include("feigong.web.documents.urls")),
    path("imports/", include("feigong.web.imports.urls")),
    path("jobs/", include("feigong.web.jobs.urls")),
    path("audit/", include("feigong.web.audit.urls")),
    path("health/", include("feigong.web.health.urls")),
    path("system/", include("feigong.web.health.system_urls")),
]

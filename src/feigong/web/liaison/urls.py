"""Addresses of liaison officers."""

from __future__ import annotations

from django.urls import path

from feigong.web.liaison import planned, visiting

app_name = "liaison"
urlpatterns = [
    path("", visiting.mine, name="mine"),
    path("plans/", planned.latest, name="latest"),
    path("plans/<int:plan_id>/", planned.planned, name="planned"),
    path("plans/<int:plan_id>/carry-out/", planned.carry_out, name="carry_out"),
    path("plans/<int:plan_id>/waiting/", planned.waiting, name="waiting"),
    path("visit/<int:enterprise_id>/", visiting.log, name="log"),
]

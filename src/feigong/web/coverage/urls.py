"""Addresses of coverage plans."""

from __future__ import annotations

from django.urls import path

from feigong.web.coverage import adjust_map, adjusting, approval, comparing, presetting, starting, views
from feigong.web.coverage.listing import PLANS
from feigong.web.lists import urls_of

app_name = "coverage"
urlpatterns = [
    *urls_of(PLANS),
    path("new/", starting.new, name="new"),
    path("preset/", presetting.preset, name="preset"),
    path("<int:plan_id>/", views.plan, name="detail"),
    path("<int:plan_id>/approve/", approval.enterprises, name="approve"),
    path("<int:plan_id>/report/", views.report, name="report"),
    path("<int:plan_id>/compare/", comparing.compared, name="compare"),
    path("<int:plan_id>/compare/export/", comparing.export, name="export_comparison"),
    path("<int:plan_id>/adjust/", adjusting.adjust, name="adjust"),
    path("<int:plan_id>/adjust/check/", adjusting.check, name="check"),
    path("<int:plan_id>/adjust/points/", adjust_map.points, name="points"),
]

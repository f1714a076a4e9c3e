"""Addresses of coverage plans."""

from __future__ import annotations

from django.urls import path

from feigong.web.coverage import views

app_name = "coverage"
urlpatterns = [
    path("", views.plans, name="list"),
    path("<int:plan_id>/", views.plan, name="detail"),
    path("<int:plan_id>/report/", views.report, name="report"),
]

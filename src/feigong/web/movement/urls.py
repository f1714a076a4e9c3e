"""Addresses of movement."""

from __future__ import annotations

from django.urls import path

from feigong.web.lists import urls_of
from feigong.web.movement import views
from feigong.web.movement.listing import SPEC

app_name = "movement"
urlpatterns = [
    *urls_of(SPEC),
    path("turnover/", views.turnover, name="turnover"),
    path("arrive/", views.arrive, name="arrive"),
    path("members/<int:member_id>/send/", views.send, name="send"),
    path("again/", views.again, name="again"),
    path("plans/<int:plan_id>/changes/", views.changes, name="changes"),
]

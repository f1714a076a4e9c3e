"""Addresses of liaison officers."""

from __future__ import annotations

from django.urls import path

from feigong.web.liaison import visiting

app_name = "liaison"
urlpatterns = [
    path("", visiting.mine, name="mine"),
    path("visit/<int:enterprise_id>/", visiting.log, name="log"),
]

"""Addresses that machines ask."""

from __future__ import annotations

from django.urls import path

from feigong.web.health import views

app_name = "health"
urlpatterns = [
    path("", views.alive, name="alive"),
    path("ready/", views.ready, name="ready"),
]

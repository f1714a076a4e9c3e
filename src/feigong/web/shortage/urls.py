"""Addresses of what is missing."""

from __future__ import annotations

from django.urls import path

from feigong.web.lists import urls_of
from feigong.web.shortage import views
from feigong.web.shortage.listing import SPEC

app_name = "shortage"
urlpatterns = [path("open/", views.open_cases, name="open"), *urls_of(SPEC)]

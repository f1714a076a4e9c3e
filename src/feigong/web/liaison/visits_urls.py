"""Addresses of visits."""

from __future__ import annotations

from django.urls import path

from feigong.web.liaison import visiting
from feigong.web.liaison.listing import SPEC
from feigong.web.lists import urls_of

app_name = "visits"
urlpatterns = [
    path("<int:visit_id>/", visiting.visit, name="detail"),
    path("<int:visit_id>/correct/", visiting.correct, name="correct"),
    *urls_of(SPEC),
]

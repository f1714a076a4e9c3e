"""Addresses of the joint branches that plans propose."""

from __future__ import annotations

from django.urls import path

from feigong.web.coverage import approval, views
from feigong.web.coverage.listing import BRANCHES
from feigong.web.lists import urls_of

app_name = "planned_branches"
urlpatterns = [
    *urls_of(BRANCHES),
    path("approve/", approval.branches, name="approve_branches"),
    path("<int:branch_id>/", views.branch, name="detail"),
]

"""Addresses of the records."""

from __future__ import annotations

from django.urls import path

from feigong.web.audit import views
from feigong.web.audit.listing import SPEC
from feigong.web.lists import urls_of

app_name = "audit"
urlpatterns = [
    *urls_of(SPEC),
    path("<int:number>/", views.record, name="record"),
    path("verify/", views.verify, name="verify"),
    path("checks/<int:job_id>/", views.check, name="check"),
]

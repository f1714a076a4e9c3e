"""Addresses of background jobs."""

from __future__ import annotations

from django.urls import path

from feigong.web.jobs import views

app_name = "jobs"
urlpatterns = [
    path("", views.jobs, name="list"),
    path("notice/", views.notice, name="notice"),
    path("<int:job_id>/", views.job, name="detail"),
    path("<int:job_id>/part/", views.part, name="part"),
    path("<int:job_id>/cancel/", views.cancel, name="cancel"),
    path("<int:job_id>/retry/", views.retry, name="retry"),
]

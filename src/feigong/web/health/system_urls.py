"""The page for who runs the installation."""

from __future__ import annotations

from django.urls import path

from feigong.web.health import views

app_name = "system"
urlpatterns = [path("", views.system, name="health")]

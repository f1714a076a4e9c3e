from __future__ import annotations

from django.urls import path

from feigong.web.merging import views

app_name = "merging"
urlpatterns = [path("", views.suspected, name="list")]

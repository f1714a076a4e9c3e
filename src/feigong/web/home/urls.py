from __future__ import annotations

from django.urls import path

from feigong.web.home import views

app_name = "home"
urlpatterns = [
    path("", views.today, name="today"),
    path("language/", views.language, name="language"),
]

from __future__ import annotations

from django.urls import path

from feigong.web.map import upload, views

app_name = "map"
urlpatterns = [
    path("", views.district, name="district"),
    path("points/", views.points, name="points"),
    path("outlines/", views.outlines, name="outlines"),
    path("print/", views.printed, name="print"),
    path("upload/", upload.upload, name="upload"),
    path("upload/write/", upload.write, name="write"),
]

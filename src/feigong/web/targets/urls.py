from __future__ import annotations

from django.urls import path

from feigong.web.targets import setting, views

app_name = "targets"
urlpatterns = [
    path("", views.show, name="list"),
    path("export/", views.export, name="export"),
    path("<int:area_id>/", views.area, name="detail"),
    path("<int:area_id>/set/", setting.set_area, name="set"),
    path("<int:area_id>/split/", setting.split, name="split"),
]

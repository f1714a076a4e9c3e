"""Addresses that all records share: naming another record, free time as read, what lies near."""

from __future__ import annotations

from django.urls import path

from feigong.web.records import picking, places, weeks

app_name = "records"
urlpatterns = [
    path("pick/<str:what>/", picking.pick, name="pick"),
    path("free-time/", weeks.read_slots, name="slots"),
    path("near/<str:kind>/<int:record_id>/", places.near, name="near"),
    path("near/area/", places.near_area, name="near_area"),
]

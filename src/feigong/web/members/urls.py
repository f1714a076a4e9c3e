from __future__ import annotations

from django.urls import path

from feigong.web.lists import urls_of
from feigong.web.members import numbers
from feigong.web.members.detail import PAGE
from feigong.web.members.listing import SPEC
from feigong.web.records.addresses import urls_of_record
from feigong.web.records.batching import urls_of_batches

app_name = "members"
urlpatterns = [
    *urls_of_record(PAGE),
    *urls_of_batches(PAGE, SPEC),
    *urls_of(SPEC),
    path("number/", numbers.find, name="number"),
]

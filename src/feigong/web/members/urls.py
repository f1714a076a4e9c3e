from __future__ import annotations

from django.urls import path

from feigong.web.lists import urls_of
from feigong.web.members import numbers
from feigong.web.members.listing import SPEC

app_name = "members"
urlpatterns = [*urls_of(SPEC), path("number/", numbers.find, name="number")]

from __future__ import annotations

from feigong.web.lists import urls_of
from feigong.web.records.addresses import urls_of_record
from feigong.web.venues.detail import PAGE
from feigong.web.venues.listing import SPEC

app_name = "venues"
urlpatterns = [*urls_of_record(PAGE), *urls_of(SPEC)]

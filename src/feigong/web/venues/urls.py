from __future__ import annotations

from feigong.web.lists import urls_of
from feigong.web.venues.listing import SPEC

app_name = "venues"
urlpatterns = [*urls_of(SPEC)]

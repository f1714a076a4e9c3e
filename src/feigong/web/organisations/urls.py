from __future__ import annotations

from feigong.web.lists import urls_of
from feigong.web.organisations.listing import SPEC

app_name = "organisations"
urlpatterns = [*urls_of(SPEC)]

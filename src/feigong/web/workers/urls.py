from __future__ import annotations

from feigong.web.lists import urls_of
from feigong.web.workers.listing import SPEC

app_name = "workers"
urlpatterns = [*urls_of(SPEC)]

from __future__ import annotations

from feigong.web.lists import urls_of
from feigong.web.members.listing import SPEC

app_name = "members"
urlpatterns = [*urls_of(SPEC)]

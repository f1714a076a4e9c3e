from __future__ import annotations

from feigong.web.enterprises.listing import SPEC
from feigong.web.lists import urls_of

app_name = "enterprises"
urlpatterns = [*urls_of(SPEC)]

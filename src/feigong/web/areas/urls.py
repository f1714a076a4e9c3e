from __future__ import annotations

from feigong.web.areas.listing import SPEC
from feigong.web.lists.trees import tree_urls_of

app_name = "areas"
urlpatterns = [*tree_urls_of(SPEC)]

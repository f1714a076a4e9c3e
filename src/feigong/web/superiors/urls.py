from __future__ import annotations

from feigong.web.lists.trees import tree_urls_of
from feigong.web.superiors.listing import SPEC

app_name = "superiors"
urlpatterns = [*tree_urls_of(SPEC)]

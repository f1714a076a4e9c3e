from __future__ import annotations

from feigong.web.areas.detail import PAGE
from feigong.web.areas.listing import SPEC
from feigong.web.lists.trees import tree_urls_of
from feigong.web.records.addresses import urls_of_record

app_name = "areas"
urlpatterns = [*urls_of_record(PAGE), *tree_urls_of(SPEC)]

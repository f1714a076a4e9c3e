"""REST v1."""

from __future__ import annotations

from ninja import NinjaAPI

from feigong.api.door import Token, say_no_in_words
from feigong.api.reads import add_reads

api = NinjaAPI(title="Feigong", version="1", auth=Token(), urls_namespace="api", docs_url="docs")
add_reads(api.default_router)
say_no_in_words(api)

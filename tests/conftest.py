"""For all tests: property tests draw the same examples every time, and no example is failed for being slow."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("other", deadline=None, print_blob=True)  # other examples: --hypothesis-profile=other
settings.load_profile("same")

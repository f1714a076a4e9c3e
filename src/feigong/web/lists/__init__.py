"""Lists: a `ListSpec` says what rows there are, by what they are asked for and which columns they have; the rest (form,
chips, sorting, pages, columns, saved views, ticks, export, as-of) is the same for every list.

A list of one's own: write a spec, put ``urls_of(spec)`` into the screen's addresses (the spec's code is the namespace),
and words: ``web.<code>.title``, ``.count`` (with ``n``), ``.empty_title``, ``.empty_text``; columns are
``field.<code>``, filters likewise, unless they name another word.
"""

from feigong.web.lists.spec import Ask, Batch, Column, Kind, ListSpec
from feigong.web.lists.views import urls_of

__all__ = ["Ask", "Batch", "Column", "Kind", "ListSpec", "urls_of"]

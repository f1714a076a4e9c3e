"""Codes into words. Sentences are data: ``wording/<language>/<topic>.yaml``, flat ``code: "sentence with {param}"``.

Placeholders are those of `str.format` (``{metres:,.0f}``), with a few formats more, so that a sentence shows a value as
people write it:

========================  =====================================================================
``{m:distance}``          420 米 · 1.8 公里
``{slot:slot}``           周日上午; with a parameter ``cycle_weeks`` above 1: 单周周三晚上
``{share:percent}``       31.9%
``{on:date}``             2026-11-01 (from a date or its ISO text)
``{n:plural firm firms}`` 1 firm · 3 firms
``{basis:of basis}``      the word of code ``basis.<value>``
========================  =====================================================================

A value that is None shows as 未知 in any format.
"""

from __future__ import annotations

from feigong.wording.words import LANGUAGES, WordingError, Words

__all__ = ["LANGUAGES", "WordingError", "Words"]

"""A plan as one HTML file that opens without any network."""

from __future__ import annotations

from feigong.exchange.report.page import write_report

__all__ = ["write_report"]

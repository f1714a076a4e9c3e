"""A fictional district: its departments' tables with the faults that real ones have."""

from __future__ import annotations

from feigong.exchange.demo.files import AREA_FILE, DISTRICT_CODE, OUTLINE_FILE, demo_outputs, write_demo

__all__ = ["AREA_FILE", "DISTRICT_CODE", "OUTLINE_FILE", "demo_outputs", "write_demo"]

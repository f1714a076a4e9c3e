"""Outlines of areas as GeoJSON, for programs that draw maps."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from feigong.api.door import actor_of, sight_of
from feigong.api.filters import AsOf
from feigong.api.operations import add
from feigong.api.values import AskedId
from feigong.apps.accounts.roles import Permission
from feigong.apps.roll.queries.outlines import DrawnArea, drawn_areas

Position = Annotated[list[float], Field(min_length=2, max_length=2)]


class OutlinesAsked(AsOf):
    area: AskedId | None = Field(None, description="this area and all below it; all in sight if not given")


class ShapeOut(Schema):
    type: Literal["MultiPolygon"] = "MultiPolygon"
    coordinates: list[list[list[Position]]]


class AboutOut(Schema):
    """`valid_from`: since when the area is drawn so; `extent`: square metres."""

    area_id: int
    code: str
    name: str
    kind: str
    parent_id: int | None
    valid_from: date
    extent: int
    source: str


class FeatureOut(Schema):
    type: Literal["Feature"] = "Feature"
    id: int
    properties: AboutOut
    geometry: ShapeOut


class OutlinesOut(Schema):
    """A GeoJSON FeatureCollection in WGS-84."""

    type: Literal["FeatureCollection"] = "FeatureCollection"
    features: list[FeatureOut]


def add_outlines(router: Router) -> None:
    add(
        router, "GET", "/areas/outlines", _drawn, name="outlines_of_areas", tag="areas", query=OutlinesAsked,
        summary="outlines of the areas in sight, as GeoJSON", answers={200: OutlinesOut},
    )  # fmt: skip


def _drawn(request: HttpRequest, asked: OutlinesAsked) -> dict[str, Any]:
    actor_of(request).must(Permission.ROLL_VIEW)
    sight = sight_of(request, asked.on, asked.known)
    return {"features": [_feature(area) for area in drawn_areas(sight, asked.area)]}


def _feature(area: DrawnArea) -> dict[str, Any]:
    outline = area.outline
    about = {
        "area_id": area.area_id, "code": area.code, "name": area.name, "kind": area.kind, "parent_id": area.parent_id,
        "valid_from": outline.valid_from, "extent": outline.extent, "source": outline.source,
    }  # fmt: skip
    return {"id": area.area_id, "properties": about, "geometry": {"coordinates": area.shape}}

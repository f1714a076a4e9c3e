"""A fictional city: one urban district, one county, and a namesake of the district elsewhere."""

from __future__ import annotations

from feigong.core.roll.places.gazetteer import Gazetteer, build_gazetteer
from feigong.core.roll.places.values import Area, AreaKind

AREAS = (
    Area("91", "云岭省", AreaKind.OTHER),
    Area("9101", "青川市", AreaKind.OTHER, "91"),
    Area("9102", "白石市", AreaKind.OTHER, "91"),
    Area("910102", "城东区", AreaKind.DISTRICT, "9101"),
    Area("910121", "柳溪满族自治县", AreaKind.DISTRICT, "9101"),
    Area("910202", "城东区", AreaKind.DISTRICT, "9102"),
    Area("910102001", "望海街道", AreaKind.SUBDISTRICT, "910102"),
    Area("910102002", "石泉街道", AreaKind.SUBDISTRICT, "910102"),
    Area("910102003", "城东街道", AreaKind.SUBDISTRICT, "910102"),
    Area("910102100", "马家屯镇", AreaKind.TOWNSHIP, "910102"),
    Area("910102400", "临港工业园区", AreaKind.PARK, "910102"),
    Area("910121100", "大河镇", AreaKind.TOWNSHIP, "910121"),
    Area("910121101", "小河镇", AreaKind.TOWNSHIP, "910121"),
    Area("910121200", "南沟朝鲜族乡", AreaKind.TOWNSHIP, "910121"),
)
ALIASES = (("老码头", "910102001"), ("青川开发区", "910102400"))


def gazetteer(district: str = "910102") -> Gazetteer:
    return build_gazetteer(AREAS, ALIASES, district)

"""Which door answers at which address."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from feigong.api.app import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", api.urls),
    path("", include("feigong.web.urls")),
]

handler400 = "feigong.web.errors.bad_request"
handler403 = "feigong.web.errors.forbidden"
handler404 = "feigong.web.errors.not_found"
handler500 = "feigong.web.errors.fault"

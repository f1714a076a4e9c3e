"""Addresses of templates of documents."""

from __future__ import annotations

from django.urls import path

from feigong.web.documents import views

app_name = "documents"
urlpatterns = [
    path("", views.templates, name="list"),
    path("<slug:code>/", views.detail, name="detail"),
    path("<slug:code>/template/", views.template, name="template"),
    path("<slug:code>/sample/<slug:kind>/", views.sample, name="sample"),
    path("<slug:code>/versions/<int:version>/", views.version, name="version"),
    path("<slug:code>/versions/<int:version>/use/", views.reuse, name="reuse"),
    path("<slug:code>/reset/", views.reset, name="reset"),
]

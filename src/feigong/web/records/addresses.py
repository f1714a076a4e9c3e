"""The addresses of one kind of record, for the `urls.py` of its folder."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_GET, require_http_methods

from feigong.apps.accounts.roles import Permission
from feigong.web.records import changing, detail, ending, merging, revealing, undoing
from feigong.web.records.page import RecordPage
from feigong.web.records.shown import SEALED
from feigong.web.screen import screen

both = require_http_methods(["GET", "POST"])


def urls_of_record(page: RecordPage) -> list[URLPattern]:
    """Names: detail, create, change, end, take_back, reveal; merge, split where records of the kind are."""
    return [*_reading(page), *_writing(page), *(_merging(page) if page.mergeable else [])]


def _reading(page: RecordPage) -> list[URLPattern]:
    @require_GET
    @screen(page.view)
    def show(request: HttpRequest, record_id: int) -> HttpResponse:
        return detail.show_record(page, request, record_id)

    @both
    @screen(Permission.REVEAL)
    def reveal(request: HttpRequest, record_id: int, field: str) -> HttpResponse:
        return revealing.reveal_page(page, request, record_id, field)

    found = [path("<int:record_id>/", show, name="detail")]
    if SEALED & set(page.facts):
        found.append(path("<int:record_id>/reveal/<str:field>/", reveal, name="reveal"))
    return found


def _writing(page: RecordPage) -> list[URLPattern]:
    change_permission = page.tables.change

    @both
    @screen(change_permission)
    def create(request: HttpRequest) -> HttpResponse:
        return changing.create_page(page, request)

    @both
    @screen(change_permission)
    def change(request: HttpRequest, record_id: int) -> HttpResponse:
        return changing.change_page(page, request, record_id)

    @both
    @screen(change_permission)
    def end(request: HttpRequest, record_id: int) -> HttpResponse:
        return ending.end_page(page, request, record_id)

    @both
    @screen(change_permission)
    def take_back(request: HttpRequest, record_id: int) -> HttpResponse:
        return undoing.take_back_page(page, request, record_id)

    return [
        path("new/", create, name="create"),
        path("<int:record_id>/change/", change, name="change"),
        path("<int:record_id>/end/", end, name="end"),
        path("<int:record_id>/take-back/", take_back, name="take_back"),
    ]


def _merging(page: RecordPage) -> list[URLPattern]:
    @both
    @screen(Permission.ROLL_MERGE)
    def merge(request: HttpRequest, record_id: int) -> HttpResponse:
        return merging.merge_page(page, request, record_id)

    @both
    @screen(Permission.ROLL_MERGE)
    def split(request: HttpRequest, record_id: int) -> HttpResponse:
        return merging.split_page(page, request, record_id)

    return [
        path("<int:record_id>/merge/", merge, name="merge"),
        path("<int:record_id>/split/", split, name="split"),
    ]

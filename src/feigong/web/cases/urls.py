"""Addresses of cases."""

from __future__ import annotations

from django.urls import path

from feigong.web.cases import views
from feigong.web.cases.listing import SPEC
from feigong.web.lists import urls_of

app_name = "cases"
urlpatterns = [
    path("<int:case_id>/", views.case, name="detail"),
    path("<int:case_id>/step/", views.step, name="step"),
    path("<int:case_id>/hold/", views.hold, name="hold"),
    path("<int:case_id>/resume/", views.resume, name="resume"),
    path("<int:case_id>/reopen/", views.reopen, name="reopen"),
    path("<int:case_id>/hand-over/", views.hand_over, name="hand_over"),
    path("<int:case_id>/remark/", views.remark, name="remark"),
    path("<int:case_id>/attach/", views.attach, name="attach"),
    path("<int:case_id>/papers/<int:paper_id>/", views.paper, name="paper"),
    path("<int:case_id>/documents/<slug:code>/<slug:kind>/", views.document, name="document"),
    *urls_of(SPEC),
]

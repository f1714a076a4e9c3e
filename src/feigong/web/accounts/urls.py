from __future__ import annotations

from django.urls import path

from feigong.web.accounts import views

app_name = "accounts"
urlpatterns = [
    path("", views.index, name="list"),
    path("new/", views.new, name="new"),
    path("picks/<str:kind>/", views.picks, name="picks"),
    path("addresses/unlock/", views.unlock_address, name="unlock_address"),
    path("<int:account>/", views.detail, name="detail"),
    path("<int:account>/edit/", views.edit, name="edit"),
    path("<int:account>/invite/", views.invite, name="invite"),
    path("<int:account>/close/", views.close, name="close"),
    path("<int:account>/reopen/", views.reopen, name="reopen"),
    path("<int:account>/unlock/", views.unlock, name="unlock"),
    path("<int:account>/second-factor/", views.reset_second_factor, name="reset_second_factor"),
    path("<int:account>/tokens/<int:token>/revoke/", views.revoke_token, name="revoke_token"),
]

"""Addresses of the door. Only what is used of allauth has one: no sign-up, no mail, no password by mail."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from feigong.web.login import own, views

_own = [
    path("me/", own.me, name="me"),
    path("me/password/", own.password, name="password"),
    path("me/second-factor/", own.totp, name="totp"),
    path("me/second-factor/change/", own.totp_change, name="totp_change"),
    path("me/sessions/end/", own.sessions_end, name="sessions_end"),
    path("me/sessions/<int:sitting>/end/", own.session_end, name="session_end"),
    path("me/tokens/", own.tokens, name="tokens"),
    path("me/tokens/<int:token>/revoke/", own.token_revoke, name="token_revoke"),
    path("invitation/<str:secret>/", views.invitation, name="invitation"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("login/", views.SignIn.as_view(), name="account_login"),
    path("login/code/", views.SecondStep.as_view(), name="mfa_authenticate"),
    path("login/via/<slug:provider_id>/", views.oidc_go, name="openid_connect_login"),
    path("login/via/<slug:provider_id>/back/", views.oidc_back, name="openid_connect_callback"),
    path("logout/", views.SignOut.as_view(), name="account_logout"),
    path("", include((_own, "login"))),
]

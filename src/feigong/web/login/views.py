"""The door: log-in, second factor, OIDC, invitation."""

from __future__ import annotations

from typing import Any

import requests
from allauth.account.views import LoginView, LogoutView
from allauth.mfa.base.views import AuthenticateView
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from feigong.apps.accounts import actions, queries
from feigong.apps.clock import now
from feigong.core.errors import FeigongError
from feigong.web.login.adapters import somebody
from feigong.web.login.forms import NewPasswordForm
from feigong.web.request import words_of
from feigong.web.screen import refusal

PROVIDER = "office"


class SignIn(LoginView):  # type: ignore[misc]
    template_name = "account/login.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "oidc": PROVIDER if settings.SOCIALACCOUNT_PROVIDERS else "",
            "oidc_name": settings.OIDC_NAME,
            "no_totp": not settings.TOTP_ROLES,
        }


class SignOut(LogoutView):  # type: ignore[misc]
    """By the button only: a link elsewhere cannot sign anybody out."""

    http_method_names = ["post"]  # noqa: RUF012 (Django's own shape)


class SecondStep(AuthenticateView):  # type: ignore[misc]
    template_name = "mfa/authenticate.html"


class _Provider(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """The provider of the settings. Who it names is believed only under its signature, also on a trusted line."""

    @property
    def openid_config(self) -> dict[str, Any]:
        config: dict[str, Any] = super().openid_config
        expected = self.get_provider().app.settings["server_url"].partition("/.well-known/")[0].rstrip("/")
        if str(config.get("issuer", "")).rstrip("/") != expected:
            raise OAuth2Error("another issuer")
        return config

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> Any:
        self.did_fetch_access_token = False  # allauth would leave out the signature otherwise
        try:
            return super().complete_login(request, app, token, **kwargs)
        except (KeyError, TypeError, ValueError) as fault:
            raise OAuth2Error("an answer that is none") from fault


def _provider(request: HttpRequest, provider_id: str) -> _Provider:
    adapter = _Provider(request, provider_id)
    try:
        adapter.get_provider()
    except SocialApp.DoesNotExist:
        raise Http404 from None
    return adapter


@require_POST
def oidc_go(request: HttpRequest, provider_id: str) -> HttpResponse:
    """To the provider, to come back signed in. Nothing of the request goes along but where to go afterwards."""
    adapter = _provider(request, provider_id)
    after = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(after, {request.get_host()}, require_https=request.is_secure())
    provider = adapter.get_provider()
    provider.oauth2_adapter_class = _Provider
    try:
        answer: HttpResponse = provider.redirect(
            request, process=AuthProcess.LOGIN, next_url=after if safe else None, auth_params={}, scope=["openid"]
        )
    except (requests.RequestException, OAuth2Error, KeyError, ValueError):
        messages.error(request, words_of(request).word("error.accounts.oidc_away"))
        return HttpResponseRedirect(reverse("account_login"))
    return answer


@never_cache
def oidc_back(request: HttpRequest, provider_id: str) -> HttpResponse:
    answer: HttpResponse = OAuth2CallbackView.adapter_view(_provider(request, provider_id))(request)
    return answer


@never_cache
@sensitive_post_parameters()
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Whoever holds the link sets the password, and signs in with it."""
    words = words_of(request)
    try:
        user = queries.invited(secret, now())
        form = NewPasswordForm(words, request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                actions.accept_invitation(somebody(request), secret, form.cleaned_data["new_password"])
            except FeigongError as error:
                form.add_error("new_password", words.say(error.reason))
            else:
                messages.success(request, words.word("web.login.invitation_done"))
                return HttpResponseRedirect(reverse("account_login"))
    except FeigongError as error:
        return refusal(request, error)
    return render(request, "login/invitation.html", {"form": form, "invited": user})

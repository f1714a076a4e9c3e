"""What allauth asks us: who may come in, and what is recorded of it. Nobody signs up; nothing is mailed."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.contrib import messages
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from feigong.apps.accounts import actions, actors, queries
from feigong.apps.accounts.sealed import PURPOSE
from feigong.apps.accounts.sight import Actor, Door
from feigong.apps.clock import now
from feigong.apps.seals.seals import open_seal, seal
from feigong.web.login.sitting import SITTING
from feigong.web.request import client_address, words_of

_LOCKED = "too_many_login_attempts"
_METHODS = "account_authentication_methods"  # where allauth keeps how somebody came in


def somebody(request: HttpRequest) -> Actor:
    """Whoever is at the door and has not come in yet."""
    return actors.nobody(address=client_address(request), request_id=getattr(request, "request_id", ""))


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Coming in and leaving need no words."""

    def send_mail(self, *args: Any, **kwargs: Any) -> None:
        """An installation has no mail."""

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        """Two answers only: wait, or what was entered is wrong. Never which part of it."""
        said = "error.accounts.locked" if code in (_LOCKED, "rate_limited") else "error.accounts.sign_in"
        return ValidationError(words_of(self.request).word(said), code=code)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """Count the attempt, then look at the password. A closed account is answered like a wrong password."""
        username, actor, at = str(credentials.get("username", "")), somebody(request), now()
        if not actions.try_to_come_in(actor, username, at):
            raise self.validation_error(_LOCKED)
        user = authenticate(request, **credentials)
        AuthenticationBackend.unstash_authenticated_user()  # allauth keeps closed accounts there to tell them so
        if user is None:
            actions.note_failure(actor, username, at)
            return None
        actions.step_passed(actor, username)
        return user

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        methods = [entry["method"] for entry in request.session.get(_METHODS, [])]
        way = "oidc" if "socialaccount" in methods else "password"
        way += "_totp" if "mfa" in methods else ""
        actor = actors.of_user(
            user, door=Door.PAGE, address=client_address(request), request_id=getattr(request, "request_id", "")
        )
        actions.come_in(actor, user.username, way=way)
        answer: HttpResponse = super().post_login(request, user, **kwargs)
        return answer

    def logout(self, request: HttpRequest) -> None:
        if request.user.is_authenticated:
            actor = actors.of_user(request.user, door=Door.PAGE, address=client_address(request))
            actions.leave(actor, request.session.get(SITTING))
        super().logout(request)


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of telephones are sealed like other fields that nobody may read in the database."""

    def encrypt(self, text: str) -> str:
        return seal(text, PURPOSE)

    def decrypt(self, encrypted_text: str) -> str:
        return open_seal(encrypted_text, PURPOSE)


class OidcAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """The provider says who somebody is; which account that is was entered before by a security administrator."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def list_apps(self, request: HttpRequest, provider: str | None = None, client_id: str | None = None) -> list[Any]:
        """Providers of the settings only, none from the database."""
        return [app for app in super().list_apps(request, provider, client_id) if not app.pk]

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        user = queries.of_subject(str(sociallogin.account.uid))
        if user is None:
            actions.note_failure(somebody(request), "", now(), step="oidc")
            raise _back_to_the_door(request, "error.accounts.oidc_unknown")
        sociallogin.user = user

    def on_authentication_error(self, request: HttpRequest, provider: Any, **details: Any) -> None:
        raise _back_to_the_door(request, "error.accounts.oidc_failed")


def _back_to_the_door(request: HttpRequest, code: str) -> ImmediateHttpResponse:
    messages.error(request, words_of(request).word(code))
    return ImmediateHttpResponse(HttpResponseRedirect(reverse("account_login")))

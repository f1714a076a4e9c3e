"""Accounts: list, detail, new, changes. Each change is one action; the page only asks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from feigong.apps.accounts import actions, queries
from feigong.apps.accounts.limits import limits, totp_required
from feigong.apps.accounts.roles import SCOPES, Permission, Role
from feigong.apps.accounts.sight import Actor, Scope
from feigong.apps.clock import now, today
from feigong.core.errors import FeigongError
from feigong.web.accounts.forms import KINDS, AccountForm, ReasonForm
from feigong.web.request import actor_of, words_of
from feigong.web.screen import View, screen

_A_PAGE = 50
_MANAGE = Permission.ACCOUNTS_MANAGE
_FIELDS = {
    "error.accounts.username": "username",
    "error.accounts.username_taken": "username",
    "error.accounts.username_stays": "username",
    "error.accounts.display_name": "display_name",
    "error.accounts.two_duties": "role",
    "error.accounts.last_one": "role",
    "error.accounts.subject_taken": "subject",
}


@require_GET
@screen(_MANAGE)
def index(request: HttpRequest) -> HttpResponse:
    actor, at = actor_of(request), now()
    asked = {name: request.GET.get(name, "").strip() for name in ("text", "role", "closed")}
    rows = queries.accounts(actor, at, text=asked["text"], role=asked["role"], open_only=not asked["closed"])
    page = Paginator(rows, _A_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "page": page,
        "rows": [(user, queries.part_of(user)) for user in page],
        "locked": queries.locked_ids(list(page), at),
        "addresses": queries.locked_addresses(actor, at),
        "roles": Role.values,
        "asked": asked,
        "query": query.urlencode(),
        "no_totp": not settings.TOTP_ROLES,
    }
    return render(request, "accounts/list.html", context)


@require_GET
@screen(_MANAGE)
def detail(request: HttpRequest, account: int) -> HttpResponse:
    return _detail(request, account)


def _detail(request: HttpRequest, account: int, link: str = "") -> HttpResponse:
    actor, at = actor_of(request), now()
    user = queries.account(actor, account, at)
    context = {
        "account": user,
        "parts": _names(actor, queries.part_of(user)),
        "locked": account in queries.locked_ids([user], at),
        "must_totp": totp_required(user.role),
        "tokens": [token for token in queries.tokens_of(actor, account) if not token.revoked_at],
        "oneself": actor.user_id == account,
        "link": link,
        "days": limits().invitation_days,
        "at": at,
    }
    return render(request, "accounts/detail.html", context)


def _names(actor: Actor, scope: Scope) -> dict[str, list[queries.Pick]]:
    """The names of what an account has, by kind."""
    at, on = now(), today()
    ids = {
        "areas": scope.areas,
        "organisations": scope.organisations,
        "worker": (scope.worker,) if scope.worker else (),
        "member": (scope.member,) if scope.member else (),
    }
    return {kind: queries.named(actor, kind, ids[kind], on, at) for kind in KINDS if ids[kind]}


@screen(_MANAGE)
def new(request: HttpRequest) -> HttpResponse:
    """A new account and, at once, the link for whoever is to have it."""
    words, actor = words_of(request), actor_of(request)
    form = AccountForm(words, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = actions.create_account(actor, form.person())
        except FeigongError as error:
            form.add_error(_FIELDS.get(error.reason.code), words.say(error.reason))
        else:
            return _invited(request, user.pk)
    return _form(request, form, None)


@screen(_MANAGE)
def edit(request: HttpRequest, account: int) -> HttpResponse:
    words, actor = words_of(request), actor_of(request)
    user = queries.account(actor, account, now())
    scope = queries.part_of(user)
    initial: dict[str, Any] = {
        "username": user.username, "display_name": user.display_name, "role": user.role, "language": user.language,
        "subject": user.subject or "", "version": user.epoch, "areas": scope.areas,
        "organisations": scope.organisations,
        "worker": [scope.worker] if scope.worker else [], "member": [scope.member] if scope.member else [],
    }  # fmt: skip
    form = AccountForm(words, request.POST or None, initial=initial)
    form.fields["username"].widget.attrs["readonly"] = True
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_account(actor, account, form.person(), expected=form.cleaned_data["version"])
        except FeigongError as error:
            form.add_error(_FIELDS.get(error.reason.code), words.say(error.reason))
        else:
            messages.success(request, words.word("web.accounts.changed"))
            return redirect("accounts:detail", account=account)
    return _form(request, form, account)


def _form(request: HttpRequest, form: AccountForm, account: int | None) -> HttpResponse:
    """The parts: what is ticked, and a search for more. Which kinds a role has is on the page, for its script."""
    actor, at, on = actor_of(request), now(), today()
    parts = []
    for kind in KINDS:
        ticked = queries.named(actor, kind, form.ticked(kind), on, at)
        more = queries.picks(actor, kind, on, at, text="")
        parts.append((kind, ticked, [p for p in more if p not in ticked]))
    kinds = {role.value: sorted(SCOPES.get(role, ())) for role in Role}
    return render(request, "accounts/form.html", {"form": form, "account": account, "parts": parts, "kinds": kinds})


@require_GET
@screen(_MANAGE)
def picks(request: HttpRequest, kind: str) -> HttpResponse:
    """The list of one kind anew: what is ticked, and what has the name that was typed."""
    actor, at, on = actor_of(request), now(), today()
    ids = [int(i) for i in request.GET.getlist(kind) if i.isdecimal()]
    ticked = queries.named(actor, kind, ids, on, at)
    text = request.GET.get(f"text_{kind}", "")
    found = [p for p in queries.picks(actor, kind, on, at, text=text) if p not in ticked]
    context = {"kind": kind, "ticked": ticked, "found": found, "text": text}
    return render(request, "accounts/picks.html", context)


def _invited(request: HttpRequest, account: int) -> HttpResponse:
    """The link is on this answer only: whoever reloads the page has to make a new one."""
    secret = actions.invite(actor_of(request), account)
    link = request.build_absolute_uri(reverse("login:invitation", args=[secret]))
    return _detail(request, account, link)


@require_POST
@screen(_MANAGE)
def invite(request: HttpRequest, account: int) -> HttpResponse:
    return _invited(request, account)


def _asked(action: Callable[..., None], said: str) -> View:
    """A button on the detail page: an action with the version of the page and, where given, a reason."""

    @screen(_MANAGE)
    def view(request: HttpRequest, account: int) -> HttpResponse:
        form = ReasonForm(request.POST)
        form.is_valid()
        data = form.cleaned_data
        action(actor_of(request), account, expected=data.get("version"), reason=data.get("reason", ""))
        messages.success(request, words_of(request).word(said))
        return redirect("accounts:detail", account=account)

    return view


close = require_POST(_asked(actions.close_account, "web.accounts.closed_now"))
reopen = require_POST(_asked(actions.reopen_account, "web.accounts.reopened"))
reset_second_factor = require_POST(_asked(actions.reset_second_factor, "web.accounts.totp_reset"))


@require_POST
@screen(_MANAGE)
def unlock(request: HttpRequest, account: int) -> HttpResponse:
    actions.unlock_account(actor_of(request), account)
    messages.success(request, words_of(request).word("web.accounts.unlocked"))
    return redirect("accounts:detail", account=account)


@require_POST
@screen(_MANAGE)
def unlock_address(request: HttpRequest) -> HttpResponse:
    actions.unlock_address(actor_of(request), request.POST.get("address", "")[:60])
    messages.success(request, words_of(request).word("web.accounts.unlocked"))
    return redirect("accounts:list")


@require_POST
@screen(_MANAGE)
def revoke_token(request: HttpRequest, account: int, token: int) -> HttpResponse:
    actor = actor_of(request)
    if not queries.tokens_of(actor, account).filter(pk=token).exists():
        raise FeigongError("error.not_found")
    actions.revoke_token(actor, token)
    messages.success(request, words_of(request).word("web.login.token_revoked"))
    return redirect("accounts:detail", account=account)

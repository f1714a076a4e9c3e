"""Keys for programs: never more than their owner may, for a time, and taken back at any moment."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from feigong.apps.accounts.limits import limits
from feigong.apps.accounts.models import ApiToken
from feigong.apps.accounts.roles import WRITING, Permission
from feigong.apps.accounts.secrets import digest_of, new_secret
from feigong.apps.accounts.sight import Actor, Scope, Sight
from feigong.apps.audit.recording import changing
from feigong.apps.roll import queries as roll
from feigong.apps.roll.queries import restrict
from feigong.core.errors import FeigongError

_PREFIX = "fg_"
_SHOWN = 8
_MOST = 20


def create_token(
    actor: Actor,
    name: str,
    permissions: Collection[Permission],
    *,
    on: date,
    days: int,
    read_only: bool = True,
    part: Scope | None = None,
) -> tuple[int, str]:
    """Make a token; its secret is returned this once. ``part``: fewer areas or organisations than the owner has on a
    day."""
    actor.must(Permission.API_USE)
    if actor.also:  # a token makes no tokens
        raise FeigongError("error.accounts.no_account")
    wanted = frozenset(permissions)
    name = name.strip()
    if not name or len(name) > 60:
        raise FeigongError("error.accounts.token_name", most=60)
    if not wanted or not wanted <= actor.permissions:
        raise FeigongError("error.accounts.token_more")
    if read_only and wanted & WRITING:
        raise FeigongError("error.accounts.token_reads")
    if not 1 <= days <= limits().token_days:
        raise FeigongError("error.accounts.token_days", most=limits().token_days)
    secret = _PREFIX + new_secret()
    with changing(actor, "token.create") as change:
        if part is not None:
            _check_part(actor.sight(on, change.at), part)
        if ApiToken.objects.filter(user_id=actor.account, revoked_at=None, expires_at__gt=change.at).count() >= _MOST:
            raise FeigongError("error.accounts.too_many_tokens", most=_MOST)
        token = ApiToken.objects.create(
            user_id=actor.account, name=name, start=secret[:_SHOWN], digest=digest_of(secret),
            permissions=sorted(wanted), read_only=read_only, narrowed=part is not None,
            areas=list(part.areas) if part else [], organisations=list(part.organisations) if part else [],
            created_at=change.at, expires_at=change.at + timedelta(days=days),
        )  # fmt: skip
        change.note(
            "accounts.apitoken", token.pk, None,
            {"start": token.start, "permissions": token.permissions, "read_only": read_only, "until": token.expires_at},
        )  # fmt: skip
    return token.pk, secret


def _check_part(sight: Sight, part: Scope) -> None:
    """Every area and organisation named is the owner's, or below one of the owner's."""
    if part.whole or part.worker or part.member or part.empty:
        raise FeigongError("error.accounts.token_part")
    areas = set(roll.areas(sight).values_list("area_id", flat=True))
    led = set(restrict.organisations_led(sight).values_list("organisation_id", flat=True))
    if not set(part.areas) <= areas or not set(part.organisations) <= led:
        raise FeigongError("error.accounts.token_part")


def revoke_token(actor: Actor, token_id: int, *, reason: str = "") -> None:
    """One's own; a security administrator: anybody's."""
    tokens = ApiToken.objects.filter(pk=token_id, revoked_at=None)
    if not actor.may(Permission.ACCOUNTS_MANAGE):
        tokens = tokens.filter(user_id=actor.account)
    with changing(actor, "token.revoke", reason=reason) as change:
        token = tokens.select_for_update().first()
        if token is None:
            raise FeigongError("error.not_found", what="token")
        token.revoked_at = change.at
        token.save(update_fields=["revoked_at"])
        change.note("accounts.apitoken", token.pk, {"revoked": False}, {"revoked": True})

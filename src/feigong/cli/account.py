"""``feigong account``: the first accounts of an installation, and a way back in for who lost theirs."""

from __future__ import annotations

from typing import Annotated

import typer
from django.conf import settings
from django.urls import reverse

from feigong.apps.accounts.actions.invitations import invite
from feigong.apps.accounts.actions.people import Person, create_account
from feigong.apps.accounts.queries import accounts, locked_ids
from feigong.apps.accounts.roles import Role
from feigong.apps.accounts.sight import Actor
from feigong.apps.clock import now
from feigong.cli.console import out
from feigong.cli.installation import operator_here
from feigong.cli.language import spoken
from feigong.core.errors import FeigongError
from feigong.wording import Words


def command(
    username: Annotated[
        str, typer.Argument(metavar="NAME", help="登录名；不写则列出全部账号 / log-in name; without: all accounts")
    ] = "",
    role: Annotated[
        Role, typer.Option("--role", help="新账号的角色；不看台账的三种 / role of a new one: who sees none of the roll")
    ] = Role.SECURITY_ADMINISTRATOR,
    name: Annotated[str, typer.Option("--name", help="新账号的姓名 / the person's name")] = "",
    lang: Annotated[str | None, typer.Option("--lang", metavar="zh|en", help="语言 / language")] = None,
) -> None:
    """Make an account or find it, and print a link to set its password; all others are made on the pages. Or list."""
    words, actor = Words(spoken(lang)), operator_here()
    if not username:
        _list(actor, words)
        return
    found = accounts(actor, now(), open_only=False).filter(username=username).first()
    if found is None:
        if not name:
            raise FeigongError("error.account_name", username=username)
        found = create_account(actor, Person(username=username, display_name=name, role=role))
        out.print(words.word("account.made", username=username, role=role.value), markup=False, soft_wrap=True)
    secret = invite(actor, found.pk)
    address = settings.ADDRESS.rstrip("/") + reverse("login:invitation", args=[secret])
    out.print(words.word("account.link"), markup=False)
    out.print(address, markup=False, soft_wrap=True)


def _list(actor: Actor, words: Words) -> None:
    """One line each: who, in which role, in which state."""
    rows, at = list(accounts(actor, now(), open_only=False)), now()
    locked = locked_ids(rows, at)
    for row in rows:
        state = "locked" if row.pk in locked else "open" if row.is_active else "closed"
        shown = (row.username, row.display_name, words.word(f"role.{row.role}"), words.word(f"web.accounts.is_{state}"))
        out.print("\t".join(shown), markup=False, soft_wrap=True)

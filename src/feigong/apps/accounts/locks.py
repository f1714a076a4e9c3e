"""Failed log-ins in a row lock a name and an address for a while.

Names nobody has are counted like others, and an attempt is counted before the password is looked at: neither what is
answered nor how many are tried at once says anything about which names exist.
"""

from __future__ import annotations

import ipaddress
from datetime import datetime

from django.db import transaction

from feigong.apps.accounts.limits import limits
from feigong.apps.accounts.models import Failures
from feigong.apps.seals.seals import index_of


def name_subject(username: str) -> str:
    return "name:" + index_of(username.casefold(), "account.name")


def address_subject(address: str) -> str:
    """An address; of the new kind the network, since one machine has many of them."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return f"address:{address}"[:80]
    if parsed.version == 6:
        return f"address:{ipaddress.ip_network(f'{parsed}/64', strict=False)}"
    return f"address:{parsed}"


def begin(username: str, address: str, at: datetime) -> bool:
    """Count an attempt as failed until it has succeeded. False: locked, and the password must not even be looked at."""
    rule = limits()
    wanted = {name_subject(username): rule.failures_name, address_subject(address): rule.failures_address}
    with transaction.atomic():
        rows = [_row(subject, at) for subject in sorted(wanted)]
        if any(row.locked_until is not None and row.locked_until > at for row in rows):
            return False
        for row in rows:
            if row.locked_until is not None or at - row.first_at > rule.lock:
                row.count, row.first_at, row.locked_until = 0, at, None
            row.count += 1
            if row.count >= wanted[row.subject]:
                row.locked_until = at + rule.lock
            row.save()
    return True


def _row(subject: str, at: datetime) -> Failures:
    Failures.objects.get_or_create(subject=subject, defaults={"first_at": at})
    return Failures.objects.select_for_update().get(subject=subject)


def locked(username: str, address: str, at: datetime) -> bool:
    return Failures.objects.filter(
        subject__in=[name_subject(username), address_subject(address)], locked_until__gt=at
    ).exists()


def take_back(username: str, address: str) -> None:
    """What was tried was right: this attempt is no failure. Earlier ones stay counted until all steps are passed, and
    at an address until they are old, else one good account would hide many bad attempts on others."""
    with transaction.atomic():
        subjects = sorted([name_subject(username), address_subject(address)])
        for row in Failures.objects.select_for_update().filter(subject__in=subjects, count__gt=0).order_by("subject"):
            row.count, row.locked_until = row.count - 1, None
            row.save()


def open_name(username: str) -> bool:
    """Nothing is counted for this name any more: it has come in, or was unlocked."""
    return Failures.objects.filter(subject=name_subject(username)).delete()[0] > 0


def open_address(address: str) -> bool:
    return Failures.objects.filter(subject=address_subject(address)).delete()[0] > 0

"""What may be read of accounts."""

from feigong.apps.accounts.queries.people import (
    Factor,
    account,
    accounts,
    asked_first,
    factor_of,
    invited,
    locked_addresses,
    locked_ids,
    names,
    of_subject,
    part_of,
    sittings_of,
    tokens_of,
)  # fmt: skip
from feigong.apps.accounts.queries.picking import Pick, named, picks
from feigong.apps.accounts.queries.views import views_of

__all__ = [
    "Factor", "Pick", "account", "accounts", "asked_first", "factor_of", "invited", "locked_addresses", "locked_ids",
    "named", "names", "of_subject", "part_of", "picks", "sittings_of", "tokens_of", "views_of",
]  # fmt: skip

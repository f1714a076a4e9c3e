"""What may be done to accounts, sessions, tokens and saved views. Each function is one step, recorded in the audit."""

from feigong.apps.accounts.actions.invitations import accept_invitation, invite
from feigong.apps.accounts.actions.oneself import (
    change_password,
    new_paper_codes,
    remove_second_factor,
    set_up_second_factor,
)  # fmt: skip
from feigong.apps.accounts.actions.people import (
    Person,
    change_account,
    close_account,
    create_account,
    reopen_account,
    reset_second_factor,
    unlock_account,
    unlock_address,
)  # fmt: skip
from feigong.apps.accounts.actions.sessions import (
    begin_sitting,
    come_in,
    end_other_sittings,
    end_sitting,
    leave,
    note_failure,
    see_sitting,
    step_passed,
    try_to_come_in,
)  # fmt: skip
from feigong.apps.accounts.actions.tokens import create_token, revoke_token
from feigong.apps.accounts.actions.views import delete_view, save_view

__all__ = [
    "Person", "accept_invitation", "begin_sitting", "change_account", "change_password",
    "close_account", "come_in", "create_account", "create_token", "delete_view", "end_other_sittings", "end_sitting",
    "invite", "leave", "new_paper_codes", "note_failure", "remove_second_factor", "reopen_account",
    "reset_second_factor", "revoke_token", "save_view", "see_sitting", "set_up_second_factor", "step_passed",
    "try_to_come_in", "unlock_account", "unlock_address",
]  # fmt: skip

"""What may be read of the records: by auditors as a whole, by others as the history of a thing they may see."""

from feigong.apps.audit.queries.differences import Difference, Field, Spoken
from feigong.apps.audit.queries.history import Happening, history
from feigong.apps.audit.queries.naming import names_for_auditors, names_in_sight
from feigong.apps.audit.queries.objects import ACCOUNT
from feigong.apps.audit.queries.overview import Figure, overview
from feigong.apps.audit.queries.reading import (
    MOST_ENTRIES,
    Checked,
    about,
    anything_recorded,
    codes,
    differences_of,
    entries_by_kind,
    last_check,
    record,
    records,
    things_of,
)
from feigong.apps.audit.queries.undone import undone

__all__ = [
    "ACCOUNT", "MOST_ENTRIES", "Checked", "Difference", "Field", "Figure", "Happening", "Spoken", "about",
    "anything_recorded", "codes", "differences_of", "entries_by_kind", "history", "last_check", "names_for_auditors",
    "names_in_sight", "overview", "record", "records", "things_of", "undone",
]  # fmt: skip

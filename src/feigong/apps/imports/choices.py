"""Words of an import's life that doors may use too."""

from __future__ import annotations

from django.db.models import TextChoices


class ImportState(TextChoices):
    """Where an import stands. Checking, applying and taking back are done by jobs."""

    READ = "read"  # files are here, sheets understood or not
    CHECKING = "checking"
    CHECKED = "checked"  # the difference to the roll is known and can be looked at
    APPLYING = "applying"
    APPLIED = "applied"
    TAKING_BACK = "taking_back"
    TAKEN_BACK = "taken_back"
    ABANDONED = "abandoned"


OPEN = (ImportState.READ, ImportState.CHECKING, ImportState.CHECKED, ImportState.APPLYING)
BUSY = (ImportState.CHECKING, ImportState.APPLYING, ImportState.TAKING_BACK)
ENDED = (ImportState.APPLIED, ImportState.TAKEN_BACK, ImportState.ABANDONED)


class Kind(TextChoices):
    """What an item of an import is about, in the order in which it is written."""

    ENTERPRISE = "enterprise"
    ORGANISATION = "organisation"
    MEMBER = "member"
    OFFICER = "officer"


class Verdict(TextChoices):
    """How an item stands to the roll."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    DOUBTFUL = "doubtful"  # a person must say first whether two are the same; not written until then
    FOREIGN = "foreign"  # outside the areas of who brings it: not written
    MISSING = "missing"  # not in the full register that had it before; written only where a person says it ended


class MissingAnswer(TextChoices):
    """What a person says of an enterprise that a full register no longer has."""

    ENDED = "ended"
    THERE = "there"


class Answer(TextChoices):
    """What a person says to a doubt."""

    SAME = "same"
    NOT_SAME = "not_same"
    LATER = "later"

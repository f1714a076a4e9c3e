"""Imports: the files handed in, how their sheets were understood, and what each row would change.

No plain identity number or telephone number stands in any of these tables: `Item.facts` holds them as sealed.
"""

from __future__ import annotations

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from feigong.apps.imports.choices import Answer, ImportState, Kind, MissingAnswer, Verdict


class Import(models.Model):
    """Several tables handed in together: looked at, applied and taken back as one. Its number is its key."""

    state = models.CharField(max_length=12, choices=ImportState.choices, default=ImportState.READ)
    department = models.CharField(max_length=80, blank=True)  # who the tables come from, as the uploader writes it
    on = models.DateField()  # the day from which what the tables say holds
    whole = models.BooleanField(default=False)  # brought by the operator: the whole roll is its own
    areas = models.JSONField(default=list)  # identities of the areas that are its own
    user = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    user_name = models.CharField(max_length=80)
    at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True)  # the roll was compared as known then
    ended_at = models.DateTimeField(null=True)
    figures = models.JSONField(default=dict, encoder=DjangoJSONEncoder)  # what the check counted
    skipped = models.JSONField(default=list)  # kinds of change that are left out: ["enterprise.staff"]
    fault = models.JSONField(null=True, encoder=DjangoJSONEncoder)  # {"code", "params"}: why the last job ended early
    job = models.ForeignKey("jobs.Job", models.SET_NULL, null=True, related_name="+")  # the last one asked for
    applied = models.ForeignKey("audit.Record", models.PROTECT, null=True, related_name="+")
    taken_back = models.ForeignKey("audit.Record", models.PROTECT, null=True, related_name="+")


class File(models.Model):
    """A file as it came, sealed in `store` until some days after the import has ended."""

    of = models.ForeignKey(Import, models.CASCADE, related_name="files")
    name = models.CharField(max_length=160)  # told apart within the import
    place = models.CharField(max_length=40, blank=True)  # in the store; empty: deleted
    size = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64)  # sha256 of the content

    class Meta:
        constraints = [models.UniqueConstraint(fields=["of", "name"], name="file_named_once_an_import")]


class Sheet(models.Model):
    """A sheet, and how it was understood: by guess, by what was told for such headers before, or by being told now."""

    of = models.ForeignKey(Import, models.CASCADE, related_name="sheets")
    file = models.ForeignKey(File, models.CASCADE, related_name="sheets")
    name = models.CharField(max_length=160, blank=True)
    first_row = models.PositiveIntegerField(default=1)
    rows = models.PositiveIntegerField()  # of data
    subject = models.CharField(max_length=16, blank=True)  # empty: no table
    kind = models.CharField(max_length=16, blank=True)  # a TableKind
    header_from = models.PositiveIntegerField(default=0)  # of the rows as read, from 0
    header_to = models.PositiveIntegerField(default=0)
    columns = models.JSONField(default=list)  # [{"header", "meaning", "samples"}] from the left
    signature = models.CharField(max_length=64, blank=True)  # of the headers
    told = models.BooleanField(default=False)  # a person has said what the columns mean
    remembered = models.BooleanField(default=False)  # said at an earlier import
    used = models.BooleanField(default=True)
    full = models.BooleanField(default=False)  # a person says: a register of all there are in the areas it covers
    fault = models.JSONField(null=True, encoder=DjangoJSONEncoder)


class Mapping(models.Model):
    """What a department's headers mean, as a person said: taken at once the next time."""

    department = models.CharField(max_length=80, blank=True)
    signature = models.CharField(max_length=64)
    subject = models.CharField(max_length=16)
    meanings = models.JSONField(default=list)  # from the left; empty: not used
    full = models.BooleanField(default=False)  # a full register
    said = models.ForeignKey("audit.Record", models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["department", "signature"], name="headers_told_once")]


class Item(models.Model):
    """One enterprise, organisation, member or officer of an import, compared with the roll."""

    of = models.ForeignKey(Import, models.CASCADE, related_name="items")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    key = models.CharField(max_length=200)  # of the merged tables
    name = models.CharField(max_length=200)
    verdict = models.CharField(max_length=12, choices=Verdict.choices)
    target = models.BigIntegerField(null=True)  # the identity on the roll; None: not there yet
    base = models.BigIntegerField(null=True)  # the row of the roll it was compared with
    area = models.BigIntegerField(null=True)
    facts = models.JSONField(default=dict, encoder=DjangoJSONEncoder)  # what would be put, by attname
    before = models.JSONField(default=dict, encoder=DjangoJSONEncoder)  # what these columns hold now
    links = models.JSONField(default=dict)  # columns that name other records, by kind and key; "covers": codes
    changes = models.JSONField(default=list, encoder=DjangoJSONEncoder)  # [{"field", "before", "after"}] as shown
    reasons = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    fields = models.CharField(max_length=400, blank=True)  # names of changed fields between strokes: |staff|name|
    left_out = models.BooleanField(default=False)
    accepted = models.BooleanField(default=False)  # doubtful, and a person says: as it is
    meanwhile = models.BooleanField(default=False)  # the roll has changed since it was looked at
    result = models.BigIntegerField(null=True)  # the identity after applying
    answer = models.CharField(max_length=8, choices=MissingAnswer.choices, blank=True)  # to what is missing
    ends_on = models.DateField(null=True)  # the first day on which it is no more

    class Meta:
        constraints = [models.UniqueConstraint(fields=["of", "kind", "key"], name="item_once_an_import")]
        indexes = [models.Index(fields=["of", "kind", "verdict", "name"])]


class Row(models.Model):
    """What became of a row of a sheet."""

    sheet = models.ForeignKey(Sheet, models.CASCADE, related_name="fates")
    row = models.PositiveIntegerField()  # as a spreadsheet shows it
    fate = models.CharField(max_length=12)  # a FateKind
    reasons = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    item = models.ForeignKey(Item, models.SET_NULL, null=True, related_name="rows")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sheet", "row"], name="row_once_a_sheet")]


class Problem(models.Model):
    """What a person should look at, with its rows; a doubt is asked once and its answer remembered."""

    of = models.ForeignKey(Import, models.CASCADE, related_name="problems")
    place = models.PositiveIntegerField()  # order
    severity = models.CharField(max_length=8)
    code = models.CharField(max_length=60)
    params = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    rows = models.JSONField(default=list)  # [[sheet, row]], all of them
    subject = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=16, choices=Kind.choices, blank=True)  # of what the roll may know already
    spelling = models.CharField(max_length=300, blank=True)  # of a doubt; empty: nothing to decide here
    candidates = models.JSONField(default=list)  # [[code, score, name]]
    taken = models.CharField(max_length=200, blank=True)  # used meanwhile
    answer = models.CharField(max_length=10, choices=Answer.choices, blank=True)
    meant = models.CharField(max_length=200, blank=True)  # the candidate that is the same


class Decision(models.Model):
    """An answer that holds for all later imports: what was written means this one, or does not."""

    spelling = models.CharField(max_length=300)
    code = models.CharField(max_length=200)
    same = models.BooleanField()
    said = models.ForeignKey("audit.Record", models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["spelling", "code"], name="spelling_decided_once")]


class SaidThere(models.Model):
    """An enterprise that registers of a department no longer have and that is there, as a person said."""

    department = models.CharField(max_length=80, blank=True)
    enterprise = models.BigIntegerField()
    said = models.ForeignKey("audit.Record", models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["department", "enterprise"], name="there_said_once")]


class PlaceName(models.Model):
    """Another name of an area, or one of an area above the tree, by which addresses are understood."""

    name = models.CharField(max_length=80, unique=True)
    code = models.CharField(max_length=12)
    said = models.ForeignKey("audit.Record", models.PROTECT, related_name="+")

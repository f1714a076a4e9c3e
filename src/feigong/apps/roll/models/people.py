"""Members, Party workers, the posts they hold and the enterprises they look after. As few fields as the work needs."""

from __future__ import annotations

from django.db import models

from feigong.apps.roll.models.areas import Area
from feigong.apps.roll.models.dated import Dated, Identity, name_index, time_index
from feigong.apps.roll.models.enterprises import Enterprise
from feigong.apps.roll.models.organisations import Organisation
from feigong.apps.seals.fields import IndexField, SealedField


class Member(Identity):
    pass


class MemberState(Dated):
    """The branch that holds the membership and the employer are two things, and neither need be known."""

    KEY = ("member",)

    member = models.ForeignKey(Member, models.PROTECT, related_name="states")
    name = models.CharField(max_length=60)
    search = models.CharField(max_length=300, blank=True)
    id_number = SealedField(purpose="member.id_number", index="id_index")
    id_index = IndexField()
    phone = SealedField(purpose="member.phone", index="phone_index")
    phone_index = IndexField()
    full = models.BooleanField()  # False: probationary
    joined_on = models.DateField(null=True)
    branch = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", db_index=False)
    branch_text = models.CharField(max_length=200, blank=True)  # as written, where no organisation on the roll is meant
    employer = models.ForeignKey(Enterprise, models.PROTECT, null=True, related_name="+", db_index=False)
    employer_text = models.CharField(max_length=200, blank=True)
    owner = models.BooleanField(null=True)  # owns the enterprise

    class Meta(Dated.Meta):
        indexes = [
            time_index(also=("branch", "employer")),
            time_index("branch"),
            time_index("employer"),
            name_index(also=("branch", "employer")),
        ]


class Worker(Identity):
    """A Party worker: secretaries, committee members, instructors, liaison officers."""


class Route(models.TextChoices):
    ELECTED = "elected"  # inside
    POSTED = "posted"  # from offices
    HIRED = "hired"  # outside
    OTHER = "other"


class WorkerState(Dated):
    KEY = ("worker",)

    worker = models.ForeignKey(Worker, models.PROTECT, related_name="states")
    name = models.CharField(max_length=60)
    search = models.CharField(max_length=300, blank=True)
    route = models.CharField(max_length=12, choices=Route.choices, default=Route.OTHER)
    liaison = models.BooleanField(default=False)  # looks after enterprises
    member = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")  # if on the roll of members
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    base_address = models.CharField(max_length=300, blank=True)
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    most = models.PositiveIntegerField(null=True)  # most enterprises; None: the district's usual
    phone = SealedField(purpose="worker.phone", index="phone_index")
    phone_index = IndexField()
    wage = SealedField(purpose="worker.wage")  # yuan a month


class PostRole(models.TextChoices):
    SECRETARY = "secretary"
    DEPUTY_SECRETARY = "deputy_secretary"
    ORGANISATION_MEMBER = "organisation_member"
    PUBLICITY_MEMBER = "publicity_member"
    DISCIPLINE_MEMBER = "discipline_member"
    COMMITTEE_MEMBER = "committee_member"
    INSTRUCTOR = "instructor"


class Post(Dated):
    """A worker holds a post in an organisation."""

    KEY = ("worker", "organisation", "role")

    worker = models.ForeignKey(Worker, models.PROTECT, related_name="posts")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="posts")
    role = models.CharField(max_length=24, choices=PostRole.choices)


class Assignment(Dated):
    """A liaison officer looks after an enterprise."""

    KEY = ("worker", "enterprise")

    worker = models.ForeignKey(Worker, models.PROTECT, related_name="assignments")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="assignments")

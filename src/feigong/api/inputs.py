"""What the API takes: facts of things, by kind. The actions check what they mean; here only their form is."""

from __future__ import annotations

from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from feigong.api.values import Count, Day, Degrees, Id, Ids, Reason, Text, Yes
from feigong.apps.roll.choices import (
    AreaKind,
    ControlType,
    OrganisationKind,
    PostRole,
    Route,
    Standing,
    UnitKind,
)  # fmt: skip


class Given(BaseModel):
    """A body: what it does not know is refused."""

    model_config = ConfigDict(extra="forbid")


class Facts(Given):
    """Fields that are not given stay as they are; an empty text or null empties one that may be empty."""

    def known(self) -> dict[str, object]:
        return self.model_dump(exclude_unset=True)


def left(most: int | None = None) -> Any:
    """A field that need not be given."""
    return Field(None, max_length=most)


class AreaFacts(Facts):
    name: Text = left(80)
    code: Text = left(12)
    kind: AreaKind = left()
    parent_id: Id | None = left()


class NewArea(AreaFacts):
    name: Text = Field(max_length=80)
    kind: AreaKind


class EnterpriseFacts(Facts):
    uscc: Text = left(40)
    name: Text = left(200)
    kind: UnitKind = left()
    control: ControlType = left()
    standing: Standing = left()
    legal_representative: Text = left(60)
    registered_on: Day | None = left()
    registered_address: Text = left(300)
    operating_address: Text = left(300)
    area_id: Id = left()
    longitude: Degrees | None = left()
    latitude: Degrees | None = left()
    industry: Text = left(2)
    scope: Text = left(20_000)
    staff: Count | None = left()
    shift: Text = left(100)
    free_text: Text = left(200)
    slots: Text = left(120)
    parent_uscc: Text = left(18)


class NewEnterprise(EnterpriseFacts):
    name: Text = Field(max_length=200)
    area_id: Id


class OrganisationFacts(Facts):
    name: Text = left(200)
    kind: OrganisationKind = left()
    superior_id: Id | None = left()
    area_id: Id = left()
    venue_id: Id | None = left()
    founded_on: Day | None = left()
    elected_on: Day | None = left()
    claimed_members: Count | None = left()


class NewOrganisation(OrganisationFacts):
    name: Text = Field(max_length=200)
    kind: OrganisationKind
    area_id: Id


class ChangedOrganisation(OrganisationFacts):
    """``host_id``: of the enterprises covered the host, where it becomes a joint branch and covers several."""

    host_id: Id = left()


class VenueFacts(Facts):
    name: Text = left(120)
    area_id: Id = left()
    enterprise_id: Id | None = left()
    address: Text = left(300)
    longitude: Degrees | None = left()
    latitude: Degrees | None = left()
    seats: Count | None = left()


class NewVenue(VenueFacts):
    name: Text = Field(max_length=120)
    area_id: Id


class MemberFacts(Facts):
    """The ID number and the phone are written here and read nowhere."""

    name: Text = left(60)
    id_number: Text = left(18)
    phone: Text = left(40)
    full: Yes = left()
    joined_on: Day | None = left()
    branch_id: Id | None = left()
    branch_text: Text = left(200)
    employer_id: Id | None = left()
    employer_text: Text = left(200)
    owner: Yes | None = left()


class NewMember(MemberFacts):
    name: Text = Field(max_length=60)
    full: Yes


class WorkerFacts(Facts):
    """The phone and the wage (yuan a month) are written here and read nowhere."""

    name: Text = left(60)
    route: Route = left()
    liaison: Yes = left()
    member_id: Id | None = left()
    area_id: Id = left()
    base_address: Text = left(300)
    longitude: Degrees | None = left()
    latitude: Degrees | None = left()
    most: Count | None = left()
    phone: Text = left(40)
    wage: Text = left(10)


class NewWorker(WorkerFacts):
    name: Text = Field(max_length=60)
    area_id: Id


F = TypeVar("F", bound=Facts)


class From(Given):
    """From which day, and why."""

    on: Day | None = Field(None, description="the day from which it holds; today if not given")
    reason: Reason = ""


class Change(From, Generic[F]):
    facts: F


class End(From):
    reason: Reason
    with_edges: Yes = Field(False, description="coverage, posts and assignments end with it")


class Close(From):
    reason: Reason
    successor: Id | None = Field(None, description="the area to which all moves that is in this one")


class Many(From, Generic[F]):
    ids: Ids
    facts: F


class Merge(From):
    reason: Reason
    gone: Id = Field(description="the record that is found to be this one")
    take: Annotated[list[Annotated[Text, Field(max_length=40)]], Field(max_length=40)] = Field(
        default=[], description="fields whose value is taken from it"
    )


class Why(Given):
    reason: Reason


class Split(From):
    reason: Reason


class Cover(From):
    organisation_id: Id
    enterprise_id: Id
    host: Yes = Field(False, description="a joint branch meets there")


class Uncover(From):
    organisation_id: Id
    enterprise_id: Id
    next_host: Id | None = Field(None, description="the enterprise that is host after it")


class Host(From):
    organisation_id: Id
    enterprise_id: Id


class Relieve(From):
    worker_id: Id
    organisation_id: Id
    role: PostRole


class Appoint(Relieve):
    replacing: Yes = Field(False, description="relieve the secretary there is")


class Unassign(From):
    enterprise_ids: Ids


class Assign(Unassign):
    worker_id: Id

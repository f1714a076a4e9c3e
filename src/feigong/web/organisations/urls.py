from __future__ import annotations

from feigong.apps.roll.kinds import RecordKind
from feigong.web.lists import urls_of
from feigong.web.organisations.detail import PAGE
from feigong.web.organisations.listing import SPEC
from feigong.web.records.addresses import urls_of_record
from feigong.web.records.batching import urls_of_batches
from feigong.web.records.ties import urls_of_ties

app_name = "organisations"
urlpatterns = [
    *urls_of_record(PAGE),
    *urls_of_batches(PAGE, SPEC),
    *urls_of_ties(RecordKind.ORGANISATION),
    *urls_of(SPEC),
]

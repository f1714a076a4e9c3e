"""The check of the chain by somebody who may ask for it, at once or as a job; that it was done is recorded."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from feigong.apps.accounts.roles import Permission
from feigong.apps.accounts.sight import Actor
from feigong.apps.audit.actions.events import record_event
from feigong.apps.audit.models import Head
from feigong.apps.audit.verifying import Findings, Told, Verified, verify_chain
from feigong.apps.jobs.actions import start
from feigong.apps.jobs.models import Job
from feigong.apps.roll.queries.agreement import disagreements

CHECK: Final = "audit.verify"
_LONGEST: Final = 100  # of what is expected: a number and a hash


def ask_verify(actor: Actor, *, expect: str = "") -> Job:
    """Have the chain and the rows of the roll verified, by a job: it reads all of them."""
    actor.must(Permission.AUDIT_VERIFY)
    return start(actor, CHECK, {"expect": expect.strip()[:_LONGEST]})


def verify(
    actor: Actor, *, expect: str = "", roll: bool = False, told: Told = lambda done, total: None
) -> Verified:
    """Verify the chain, and with ``roll`` that the rows of the roll are as the records say they were written.

    ``expect`` is an end of the chain kept before, with its number or without.
    The end of the chain in the answer is the record of this check, so that it can be kept and expected next time.
    """
    actor.must(Permission.AUDIT_VERIFY)
    verified = verify_chain(expect.strip().rpartition(" ")[2].lower(), told)
    findings = Findings()
    findings.extend(verified.findings)
    findings.count = verified.count
    if roll:
        findings.extend(disagreements(told))
    found = replace(verified, findings=tuple(findings.named), count=findings.count)
    params = {"number": found.number, "records": found.records, "findings": found.count, "roll": roll}
    record_event(actor, "audit.verify", params=params)
    head = Head.objects.get(pk=1)
    return replace(found, number=head.number, hash=head.hash)

"""A process that does jobs, one after another, until it is told to leave."""

from __future__ import annotations

import logging
import os
import secrets
import socket
import threading
from collections.abc import Mapping
from datetime import timedelta
from time import monotonic
from typing import Any, Final

from django.db import DatabaseError, InterfaceError, OperationalError, close_old_connections, connection

from feigong import __version__
from feigong.apps.accounts import actors
from feigong.apps.accounts.sight import Actor, Door
from feigong.apps.clock import now
from feigong.apps.jobs.lease import Claim, claim
from feigong.apps.jobs.models import Job, JobState, Worker
from feigong.apps.jobs.registry import CancelledError, Kind, LeaseLostError
from feigong.apps.jobs.running import LeavingError, Running
from feigong.core.errors import FeigongError
from feigong.core.reasons import Reason

IDLE: Final = 0.5  # seconds between two looks for work
PRESENCE: Final = 15.0
AGAIN: Final = timedelta(seconds=5)  # times the number of the attempt, where the database was away
FORGOTTEN: Final = timedelta(days=1)

log = logging.getLogger("feigong.jobs")


def name_of_process() -> str:
    """Different for every process that ever runs."""
    return f"{socket.gethostname()[:30]}:{os.getpid()}:{secrets.token_hex(4)}"


def as_data(reason: Reason) -> dict[str, Any]:
    return {"code": reason.code, "params": dict(reason.params)}


def _actor_of(job: Job) -> Actor:
    """On whose behalf, with the permissions of now."""
    if job.user is None:
        return actors.operator(job.actor_name, door=Door.JOB)
    return actors.of_user(job.user, door=Door.JOB, address=job.address, request_id=f"job-{job.pk}")


class JobWorker:
    def __init__(self, kinds: Mapping[str, Kind], leaving: threading.Event, name: str | None = None) -> None:
        self.name = name or name_of_process()
        self._kinds = kinds
        self._leaving = leaving

    def run(self, *, until_idle: bool = False) -> int:
        """Do jobs until told to leave, or until none is left. How many were taken up."""
        taken = 0
        presence = threading.Thread(target=self._be_present, name="presence", daemon=True)
        presence.start()
        log.info("worker.begun", extra={"fields": {"worker": self.name}})
        while not self._leaving.is_set():
            try:
                close_old_connections()
                found = self.do_next()
            except (OperationalError, InterfaceError) as error:
                log.warning("worker.database_away", extra={"fields": {"kind": type(error).__name__}})
                connection.close()
                found = False
            taken += found
            if not found:
                if until_idle:
                    break
                self._leaving.wait(IDLE)
        self._leaving.set()
        presence.join()
        log.info("worker.left", extra={"fields": {"worker": self.name, "jobs": taken}})
        return taken

    def do_next(self) -> bool:
        """Take up one job if there is one."""
        found = claim(self.name, now())
        if found is None:
            return False
        began = monotonic()
        state = self._do(*found)
        fields = {"job": found[1].pk, "job_kind": found[1].kind, "attempt": found[0].attempt, "state": state,
                  "ms": round((monotonic() - began) * 1000)}  # fmt: skip
        log.info("job.ended", extra={"fields": fields})
        return True

    def _do(self, claimed: Claim, job: Job) -> str:
        if job.cancel_asked:
            return self._end(claimed, JobState.CANCELLED)
        kind = self._kinds.get(job.kind)
        if kind is None:
            return self._fail(claimed, Reason("error.job_kind_unknown", {"kind": job.kind}))
        if claimed.attempt > kind.attempts:
            return self._fail(claimed, Reason("error.job_given_up", {"attempts": kind.attempts}))
        if job.user is not None and not job.user.is_active:
            return self._fail(claimed, Reason("error.job_account_closed"))
        return self._attempt(claimed, job, kind)

    def _attempt(self, claimed: Claim, job: Job, kind: Kind) -> str:
        context = Running(claimed, _actor_of(job), self._leaving)
        try:
            with context:
                result = dict(kind.run(context, job.params))
            return self._end(claimed, JobState.DONE, result=result, **context.last_news())
        except CancelledError:
            return self._end(claimed, JobState.CANCELLED)
        except LeavingError:
            claimed.put_back(timedelta(0), counts=False)
            return "put_back"
        except LeaseLostError:
            return "lost"
        except FeigongError as error:
            return self._fail(claimed, error.reason)
        except MemoryError:
            return self._fail(claimed, Reason("error.memory"))
        except (OperationalError, InterfaceError) as error:
            log.warning("job.database_away", exc_info=error, extra={"fields": {"job": job.pk}})
            connection.close()
            if claimed.attempt < kind.attempts:
                claimed.put_back(AGAIN * claimed.attempt, counts=True)
                return "put_back"
            return self._fail(claimed, Reason("error.job_database"))
        except Exception as error:  # a fault of ours: found in the log by its number, no values shown to anybody
            number = secrets.token_hex(4)
            log.exception("job.failed", exc_info=error, extra={"fields": {"job": job.pk, "fault": number}})
            return self._fail(claimed, Reason("error.job_failed", {"id": number}))

    def _fail(self, claimed: Claim, reason: Reason) -> str:
        return self._end(claimed, JobState.FAILED, error=as_data(reason))

    def _end(self, claimed: Claim, state: JobState, **values: Any) -> str:
        return state.value if claimed.end(state, at=now(), **values) else "lost"

    def _be_present(self) -> None:
        """Say every now and then that this process is there, for `feigong check` and the health page."""
        began = now()
        try:
            while True:
                try:
                    at = now()
                    Worker.objects.filter(seen_at__lt=at - FORGOTTEN).delete()
                    Worker.objects.update_or_create(
                        name=self.name, defaults={"version": __version__, "started_at": began, "seen_at": at}
                    )
                except DatabaseError:
                    connection.close()
                if self._leaving.wait(PRESENCE):
                    break
            Worker.objects.filter(name=self.name).delete()
        except DatabaseError:  # gone already: it is forgotten in a day
            return
        finally:
            connection.close()

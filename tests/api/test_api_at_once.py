"""Several programs change the same thing at once: one is quickest, the others are told."""

from __future__ import annotations

import json
import subprocess
import sys

from api.askers import Asker
from feigong.apps.accounts.roles import Role
from feigong.apps.audit.models import Record
from feigong.apps.roll.models import EnterpriseState
from feigong.apps.roll.models.dated import NEVER
from own_database import OwnDatabase, own_database
from platform_district import build_small_district

__all__ = ["own_database"]

CHANGER = """
import django; django.setup()
import json, sys, threading
from django.db import connection
from django.test import Client

secret, path, version, name = sys.argv[1:]
start = threading.Barrier(3)

def change(n):
    client = Client(headers={"authorization": f"Bearer {secret}", "if-match": version, "host": "127.0.0.1"})
    start.wait()
    body = json.dumps({"on": "2026-11-01", "facts": {"legal_representative": f"{name}{n}"}})
    status = client.patch(path, body, content_type="application/json").status_code
    sys.stdout.write(str(status) + chr(10))  # a line in one piece, whoever else writes
    sys.stdout.flush()
    connection.close()

threads = [threading.Thread(target=change, args=(n,)) for n in range(3)]
for t in threads: t.start()
for t in threads: t.join()
"""

SENDER = """
import django; django.setup()
import sys, threading
from django.db import connection
from django.test import Client

secret, body = sys.argv[1:]
start = threading.Barrier(3)

def send():
    key = {"idempotency-key": "the-same-key"}
    client = Client(headers={"authorization": f"Bearer {secret}", "host": "127.0.0.1", **key})
    start.wait()
    status = client.post("/api/v1/enterprises", body, content_type="application/json").status_code
    sys.stdout.write(str(status) + chr(10))
    sys.stdout.flush()
    connection.close()

threads = [threading.Thread(target=send) for n in range(3)]
for t in threads: t.start()
for t in threads: t.join()
"""


def test_one_is_quickest_and_the_others_are_told(own_database: OwnDatabase) -> None:
    district = build_small_district()
    asker = Asker(district, Role.TOWNSHIP)
    path = f"/enterprises/{district.enterprises['apple']}"
    running = [
        subprocess.Popen(
            [sys.executable, "-c", CHANGER, asker.secret, f"/api/v1{path}", asker.version(path), name],
            env=own_database.environment, stdout=subprocess.PIPE, text=True,
        )
        for name in "甲乙"
    ]  # fmt: skip
    statuses = [int(line) for process in running for line in process.communicate(timeout=120)[0].split()]
    assert sorted(statuses) == [200, *[412] * 5]
    assert Record.objects.filter(code="enterprise.change").count() == 1
    known = EnterpriseState.rows.filter(enterprise_id=district.enterprises["apple"], recorded_to=NEVER)
    assert known.count() == 2  # before and from the day on


def test_what_is_sent_several_times_under_one_key_is_done_once(own_database: OwnDatabase) -> None:
    district = build_small_district()
    asker = Asker(district, Role.TOWNSHIP)
    facts = {"name": "和路300号店有限公司", "area_id": district.areas["east"], "kind": "enterprise"}
    running = [
        subprocess.Popen(
            [sys.executable, "-c", SENDER, asker.secret, json.dumps({"on": "2026-11-01", "facts": facts})],
            env=own_database.environment, stdout=subprocess.PIPE, text=True,
        )
        for _ in range(2)
    ]  # fmt: skip
    statuses = [int(line) for process in running for line in process.communicate(timeout=120)[0].split()]
    assert sorted(statuses) == [201, *[409] * 5]
    assert EnterpriseState.rows.filter(name=facts["name"]).count() == 1

"""Several processes and threads write at once: one chain, no number twice, none left out. Some die in the middle."""

from __future__ import annotations

import subprocess
import sys

from feigong.apps.audit.models import Entry, Head, Record
from feigong.apps.audit.verifying import verify_chain
from own_database import OwnDatabase, own_database

__all__ = ["own_database"]

WRITER = """
import django; django.setup()
import os, sys, threading
from django.db import connection
from feigong.apps.accounts.actors import operator
from feigong.apps.audit.actions import record_event
from feigong.apps.audit.recording import changing

name, rounds, dies = sys.argv[1], int(sys.argv[2]), sys.argv[3] == "dies"

def write(name):
    for n in range(rounds):
        with changing(operator(name), "test", params={"n": n}) as change:
            change.note("test.thing", n, None, {"by": name})
            if n % 3 == 0:
                record_event(operator(name), "test.event")
            if dies and n == rounds - 1:
                os._exit(9)
    connection.close()

threads = [threading.Thread(target=write, args=(f"{name}{t}",)) for t in range(2)]
for t in threads: t.start()
for t in threads: t.join()
"""
ROUNDS = 12


def test_writers_at_once_make_one_chain(own_database: OwnDatabase) -> None:
    fates = {"甲": "lives", "乙": "lives", "丙": "lives", "丁": "dies"}
    running = [
        subprocess.Popen([sys.executable, "-c", WRITER, name, str(ROUNDS), fate], env=own_database.environment,
                         stderr=subprocess.PIPE, text=True)
        for name, fate in fates.items()
    ]  # fmt: skip
    ended = [(process.communicate(timeout=120)[1], process.returncode) for process in running]
    assert [code for _, code in ended] == [0, 0, 0, 9], ended
    verified = verify_chain()
    assert (verified.findings, verified.number) == ((), verified.records)
    numbers = list(Record.objects.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    for name in ("甲", "乙", "丙"):
        for thread in ("0", "1"):
            mine = Record.objects.filter(actor_name=name + thread)
            assert mine.filter(code="test").count() == ROUNDS
            assert mine.filter(code="test.event").count() == ROUNDS // 3
    assert not Record.objects.filter(number=None).exists()
    assert Entry.objects.count() == Record.objects.filter(code="test").count()
    assert Head.objects.get().number == len(numbers)


def test_first_writers_of_an_empty_database_agree_on_the_head(own_database: OwnDatabase) -> None:
    running = [
        subprocess.Popen([sys.executable, "-c", WRITER, name, "1", "lives"], env=own_database.environment)
        for name in ("甲", "乙", "丙")
    ]
    assert [process.wait(timeout=120) for process in running] == [0, 0, 0]
    assert Head.objects.count() == 1
    assert verify_chain().whole
    assert Record.objects.count() == 12

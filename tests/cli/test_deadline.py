"""The deadline: a moment, shares of it, the flag of Ctrl-C, and what travels to another machine."""

from __future__ import annotations

import os
import pickle
import signal

import pytest

from feigong.cli.deadline import Deadline, interruptible


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_it_stops_at_its_moment() -> None:
    clock = Clock()
    deadline = Deadline(10, clock=clock)
    assert not deadline(0)
    clock.now = 109.9
    assert not deadline(1)
    clock.now = 110
    assert deadline(2)


def test_a_part_has_its_share_from_its_own_beginning() -> None:
    clock = Clock()
    part = Deadline(10, workers=2, clock=clock).part(0.05)
    clock.now = 104
    assert not part(0)
    clock.now = 107.9
    assert not part(1)
    clock.now = 108  # four times a twentieth of ten seconds, times two workers
    assert part(2)


def test_a_part_ends_with_the_whole() -> None:
    clock = Clock()
    part = Deadline(10, clock=clock).part(0.9)
    clock.now = 109
    assert not part(0)
    clock.now = 110
    assert part(1)


def test_without_a_limit_only_the_flag_stops() -> None:
    deadline = Deadline()
    part = deadline.part(0.5).part(0.5)
    assert not part(10**9)
    deadline.interrupted.set()
    assert part(0)


def test_another_machine_gets_the_seconds_that_are_left() -> None:
    sent = pickle.loads(pickle.dumps(Deadline(1000).part(0.5)))
    assert not sent(0)
    assert 490 < sent.whole * sent.share <= 500
    assert pickle.loads(pickle.dumps(Deadline(-1)))(0)
    assert not pickle.loads(pickle.dumps(Deadline()))(0)


def test_the_first_interrupt_sets_the_flag_and_the_second_gives_up() -> None:
    deadline, said = Deadline(), []
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt), interruptible(deadline, lambda: said.append(1)):
        os.kill(os.getpid(), signal.SIGINT)
        assert deadline.interrupted.is_set()
        os.kill(os.getpid(), signal.SIGINT)
    assert said == [1]
    assert signal.getsignal(signal.SIGINT) is before

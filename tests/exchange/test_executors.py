"""Tasks carried out by threads and by a loopback cluster of two worker processes, one of which is killed half-way."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from distributed import LocalCluster

from benchmarks.instances import Instance, make_instance
from feigong.core.coverage.joint.arrays import ArrayPlan, plan_joint_arrays
from feigong.core.errors import FeigongError
from feigong.core.work import Executor, Progress, Step, WorkBudget, silent
from feigong.exchange import executors
from feigong.exchange.executors import ClusterExecutor, ThreadExecutor, open_executor

LONG = 60  # seconds that are never waited where things work


def square_slowly(task: tuple[int, float]) -> tuple[int, int]:
    number, seconds = task
    time.sleep(seconds)
    return number * number, os.getpid()


def fail_at_three(number: int) -> int:
    if number == 3:
        raise ValueError("three")
    return number


def die(number: int) -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return number


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    with LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",
        silence_logs=50,
    ) as loopback:
        yield loopback


def test_threads_give_every_result_once_with_its_index() -> None:
    tasks = [(i, 0.002 * (5 - i % 5)) for i in range(20)]
    with open_executor(3) as executor:
        found = {i: result[0] for i, result in executor.run(square_slowly, tasks)}
    assert found == {i: i * i for i in range(20)}


def test_threads_yield_a_result_before_the_rest_is_done() -> None:
    gate = threading.Event()
    run = ThreadExecutor(2).run(lambda number: number or gate.wait(LONG), [0, 1, 2])
    assert next(run)[0] in (1, 2)
    gate.set()
    assert len(list(run)) == 2


def test_threads_really_run_at_once() -> None:
    meet = threading.Barrier(2, timeout=LONG)
    assert len(list(ThreadExecutor(2).run(lambda _: meet.wait(), [0, 1]))) == 2


def threads_end() -> None:
    for thread in threading.enumerate():
        if thread.name.startswith("feigong"):
            thread.join(LONG)


def test_an_exception_is_raised_and_the_rest_is_cancelled() -> None:
    begun: list[int] = []
    gate = threading.Event()

    def task(number: int) -> int:
        begun.append(number)
        if number > 3:
            gate.wait(LONG)
        return fail_at_three(number)

    with pytest.raises(ValueError, match="three"):
        list(ThreadExecutor(1).run(task, list(range(500))))
    gate.set()
    threads_end()
    assert begun[:4] == [0, 1, 2, 3] and len(begun) <= 5  # the thread may have taken one more


def test_a_consumer_that_leaves_early_cancels_the_rest() -> None:
    begun: list[int] = []
    gate = threading.Event()

    def task(number: int) -> None:
        begun.append(number)
        if number:
            gate.wait(LONG)

    run = ThreadExecutor(1).run(task, range(500))
    next(run)
    run.close()  # type: ignore[attr-defined]
    gate.set()
    threads_end()
    assert begun[0] == 0 and len(begun) <= 2  # the thread may have taken one more


def test_no_worker_at_all_is_refused() -> None:
    with pytest.raises(FeigongError) as error:
        ThreadExecutor(0)
    assert error.value.reason.code == "error.workers_too_few"


def test_no_tasks_no_results() -> None:
    assert list(ThreadExecutor(2).run(square_slowly, [])) == []


def test_missing_extra_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(executors.importlib, "import_module", absent)
    with pytest.raises(FeigongError) as error:
        ClusterExecutor("tcp://127.0.0.1:1")
    assert error.value.reason.code == "error.cluster_extra_missing"


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:{port}", "nonsense://x", ""])
def test_unreachable_cluster_is_an_error_that_names_the_address(address: str) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = address.format(port=free.getsockname()[1])
    with pytest.raises(FeigongError) as error:
        ClusterExecutor(address, connect_s=1)
    assert error.value.reason.code == "error.cluster_unreachable"
    assert error.value.reason.params["address"] == address


def test_cluster_survives_the_kill_of_a_worker(cluster: LocalCluster) -> None:
    tasks = [(i, 0.1) for i in range(30)]
    found: dict[int, int] = {}
    at_work: set[int] = set()
    killed = None
    with open_executor(1, cluster.scheduler_address) as executor:
        executor._client.run(square_slowly, (0, 0.0))  # so that both have loaded this module
        for index, (result, pid) in executor.run(square_slowly, tasks):
            found[index] = result
            at_work.add(pid)
            if killed is None and len(found) >= 10 and len(at_work) == 2:
                killed = pid
                os.kill(pid, signal.SIGKILL)
    assert killed is not None and killed != os.getpid()
    assert found == {i: i * i for i in range(30)}


def test_plan_is_the_same_on_threads_and_on_a_cluster_that_loses_a_worker(cluster: LocalCluster) -> None:
    arrays = make_instance(560, seed=4, mean_area=70)
    killed: list[int] = []

    def kill_one(step: Step) -> None:
        if step.done == 3:
            killed.append(executor._client.run(os.getpid).popitem()[1])
            os.kill(killed[0], signal.SIGKILL)

    with open_executor(1, cluster.scheduler_address) as executor:
        there = planned(arrays, executor, kill_one)
    here = planned(arrays, ThreadExecutor(2), silent)
    assert len(killed) == 1 and killed[0] != os.getpid()
    assert all((getattr(here, name) == getattr(there, name)).all() for name in ("group", "host", "slot"))
    assert (here.covered, here.travel_m) == (there.covered, there.travel_m)
    assert (here.bound_covered, here.bound_travel_m) == (there.bound_covered, there.bound_travel_m)
    assert here.covered > 0.9 * arrays["members"].sum()


def planned(arrays: Instance, executor: Executor, progress: Progress) -> ArrayPlan:
    columns = (arrays[name] for name in ("x", "y", "members", "slots", "area"))
    return plan_joint_arrays(
        *columns,
        travel_m=3000.0,
        least=3,
        most=5,
        seed=1,
        stop=WorkBudget(100),
        progress=progress,
        executor=executor,
        gap_goal=0.003,
    )


def test_cluster_keeps_few_tasks_in_flight(cluster: LocalCluster, tmp_path: Path) -> None:
    cluster_tasks = [(i, 0.01) for i in range(40)]
    with ClusterExecutor(cluster.scheduler_address) as executor:
        run = executor.run(square_slowly, cluster_tasks)
        next(run)
        held = len(cluster.scheduler.tasks)
        rest = list(run)
    assert held <= 6  # two worker threads, twice
    assert len(rest) == 39


def test_exception_of_a_task_comes_through_the_cluster(cluster: LocalCluster) -> None:
    with ClusterExecutor(cluster.scheduler_address) as executor, pytest.raises(ValueError, match="three"):
        list(executor.run(fail_at_three, list(range(12))))


def test_task_that_kills_its_workers_is_named(cluster: LocalCluster, monkeypatch: pytest.MonkeyPatch) -> None:
    # At the first death: how fast the cluster puts new workers in the places of the dead is its own business.
    monkeypatch.setattr(cluster.scheduler, "allowed_failures", 0)
    with ClusterExecutor(cluster.scheduler_address) as executor, pytest.raises(FeigongError) as error:
        list(executor.run(die, [0]))
    assert error.value.reason.code == "error.cluster_task_kills_workers"


def test_cluster_without_workers_is_given_up() -> None:
    with (
        LocalCluster(
            n_workers=0, processes=True, host="127.0.0.1", dashboard_address="127.0.0.1:0", silence_logs=50
        ) as empty,
        ClusterExecutor(empty.scheduler_address, no_worker_s=2) as executor,
        pytest.raises(FeigongError) as error,
    ):
        list(executor.run(fail_at_three, [1]))
    assert error.value.reason.code == "error.cluster_no_worker"

"""Who carries out independent tasks (`core.work.Executor`): threads here, or the machines of a Dask cluster."""

from __future__ import annotations

import importlib
import logging
import queue
import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor, as_completed
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Any, Self, TypeVar

from feigong.core.errors import FeigongError

T = TypeVar("T")
R = TypeVar("R")

_ADDRESS = re.compile(r"(\w+://)?[^\s/:]+:\d+|(inproc|ucx|wss?)://\S+|\w+://\[[0-9A-Fa-f:.]+\]:\d+")
CONNECT_S = 10.0
NO_WORKER_S = 60.0  # a cluster on which nothing works for so long is given up
LOOK_S = 1.0  # how often to look whether anybody still works


class ThreadExecutor:
    """Threads of this process. Compiled kernels and HiGHS let go of the interpreter lock, so they do run at once.

    An exception in a task cancels what has not begun and is raised. Ctrl-C is the stop rule's business, not this one's.
    """

    def __init__(self, workers: int) -> None:
        if workers < 1:
            raise FeigongError("error.workers_too_few", workers=workers)
        self.workers = workers

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    def run(self, function: Callable[[T], R], tasks: Sequence[T]) -> Iterator[tuple[int, R]]:
        """Yield ``(index of the task, result)`` as results come."""
        pool = ThreadPoolExecutor(max_workers=self.workers, thread_name_prefix="feigong")
        try:
            waiting: dict[Future[R], int] = {pool.submit(function, task): i for i, task in enumerate(tasks)}
            for future in as_completed(waiting):
                # Popped, so that a result can be freed once its consumer is done with it.
                yield waiting.pop(future), future.result()
        finally:
            # Also reached when the consumer stops early: nobody waits for tasks whose results nobody wants.
            pool.shutdown(wait=False, cancel_futures=True)


class ClusterExecutor:
    """An existing Dask cluster. Tasks and results are pickled; the workers need the same ``feigong`` installed.

    The scheduler runs a task again when its worker dies, also when the result was done but not fetched yet. Two tasks a
    worker thread are in flight, so that a large problem does not lie in the scheduler's memory as a whole; tasks start
    in the caller's order.

    Parameters
    ----------
    address : address of the scheduler, such as ``tcp://10.0.0.5:8786``.
    no_worker_s : seconds without a single worker after which the run is given up.

    Raises
    ------
    FeigongError : ``error.cluster_extra_missing``, ``error.cluster_unreachable``; from ``run`` also
        ``error.cluster_no_worker``, ``error.cluster_lost``, ``error.cluster_task_kills_workers``,
        ``error.cluster_worker_differs``.
    """

    def __init__(self, address: str, *, connect_s: float = CONNECT_S, no_worker_s: float = NO_WORKER_S) -> None:
        self.address = address
        self.no_worker_s = no_worker_s
        if not _ADDRESS.fullmatch(address):  # else the client looks for it for half a minute
            raise FeigongError("error.cluster_unreachable", address=address)
        try:
            # By name and only here: an optional extra that takes a second to load.
            self._distributed: Any = importlib.import_module("distributed")
        except ImportError as error:
            raise FeigongError("error.cluster_extra_missing") from error
        # Its own log tells of every worker lost as of an error; to us it is a task that is run again.
        logging.getLogger("distributed").setLevel(logging.CRITICAL)
        try:
            self._client: Any = self._distributed.Client(address, timeout=connect_s, set_as_default=False)
        except (OSError, ValueError, TypeError) as error:  # TimeoutError is an OSError
            raise FeigongError("error.cluster_unreachable", address=address) from error

    def close(self) -> None:
        """Leave the cluster; it goes on for others."""
        self._client.close(timeout=CONNECT_S)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def run(self, function: Callable[[T], R], tasks: Sequence[T]) -> Iterator[tuple[int, R]]:
        """Yield ``(index of the task, result)`` as results come."""
        done: queue.SimpleQueue[Any] = queue.SimpleQueue()
        flying: dict[str, tuple[int, Any]] = {}  # by the future's key, which names one task
        begun = 0
        try:
            while begun < len(tasks) or flying:
                room = max(2, 2 * self._threads()) - len(flying)
                while begun < len(tasks) and room > 0:
                    # Not scattered: data placed on a worker dies with it, an argument stays with the scheduler.
                    future = self._client.submit(function, tasks[begun], pure=False, priority=-begun)
                    flying[future.key] = (begun, future)
                    future.add_done_callback(done.put)
                    begun, room = begun + 1, room - 1
                future = self._next_done(done)
                index, _ = flying.pop(future.key)
                result = self._result(future, index)
                future.release()
                yield index, result
        finally:
            if flying and self._client.status == "running":
                self._client.cancel([future for _, future in flying.values()])

    def _threads(self) -> int:
        """Worker threads there are now."""
        try:
            return sum(self._client.nthreads().values())
        except (OSError, ValueError, CancelledError) as error:
            raise FeigongError("error.cluster_lost", address=self.address) from error

    def _next_done(self, done: queue.SimpleQueue[Any]) -> Any:
        idle = 0.0
        while True:
            try:
                return done.get(timeout=LOOK_S)
            except queue.Empty:
                idle = 0.0 if self._threads() else idle + LOOK_S
                if idle >= self.no_worker_s:
                    raise FeigongError("error.cluster_no_worker", address=self.address) from None

    def _result(self, future: Any, index: int) -> Any:
        try:
            return future.result()
        except self._distributed.KilledWorker as error:
            raise FeigongError("error.cluster_task_kills_workers", task=index) from error
        except ModuleNotFoundError as error:
            raise FeigongError("error.cluster_worker_differs", module=error.name) from error
        except CancelledError as error:
            raise FeigongError("error.cluster_lost", address=self.address) from error


def open_executor(workers: int, cluster: str | None = None) -> AbstractContextManager[ThreadExecutor | ClusterExecutor]:
    """``with open_executor(2, "tcp://…") as executor``: that cluster, or threads here where no address is given."""
    return ClusterExecutor(cluster) if cluster else ThreadExecutor(workers)

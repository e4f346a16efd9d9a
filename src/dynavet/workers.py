"""Processes that share the work of a scan. What they find is the same, in the same order, as one process finds.

A process that is ended from outside, for want of memory say, takes with it only what it was reading: what is left is
read by one process at a time, so that it is known over which file it ended.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from dynavet.deadline import Deadline
from dynavet.discovery import Batch, Discovery, Document
from dynavet.gathering import Part, Pending, Submit, here
from dynavet.reading import Log, Task, unreadable
from dynavet.reviewing import Review, Reviewer

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor
    from multiprocessing.process import BaseProcess

ENOUGH = 600_000
"""Bytes of templates and policies from which on processes are worth their start."""

LEAST = 4096
"""Bytes for which a file counts at least."""

PORTION = 100_000
"""Bytes of files that are handed over at once while others are looked for."""

SHARE = 16
"""How many portions of the files there are for each process: more of them even out, fewer have less overhead."""

MOST = 5
"""Seconds that are given to what remains of the processes when they are ended."""

METHOD = "fork" if sys.platform == "linux" else "spawn"

ENDED = "the process that was reading it ended, as for want of memory"

_reviewer: Reviewer | None = None
"""In a worker what it works with."""


def available() -> int:
    """How many processes are worth having here."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(cores, 4)


@contextmanager
def crew(reviewer: Reviewer, deadline: Deadline) -> Iterator[tuple[Callable[[Document], None], Submit[Review]]]:
    """What hears of documents while others are looked for, and what then takes tasks on.

    They are done in processes if there are to be some, and if there is enough to do for them.
    """
    if reviewer.options.jobs < 2:
        yield lambda _: None, here(reviewer.part, deadline)
        return
    workers = Workers(reviewer, deadline)
    try:
        yield workers.heed, workers.submit
    finally:
        workers.end()


class Workers:
    """The processes of one scan. `end` must be called, whatever happens."""

    def __init__(self, reviewer: Reviewer, deadline: Deadline) -> None:
        self._reviewer = reviewer
        self._deadline = deadline
        self._strangers: set[BaseProcess] | None = None
        self._pool: ProcessPoolExecutor | None = None
        self._forbidden = False
        self._heard = 0
        self._held_back: list[Document] = []
        self._early: list[Future[list[Part[Review]]] | None] = []
        self._pending: dict[int, Pending[Review]] = {}

    def heed(self, document: Document) -> None:
        """Begin with documents while others are looked for, as long as processes wait for work.

        The rest is held back for what of Terraform there may be, which takes longest. What may nest others waits.
        """
        self._heard += _size(document)
        if document.nests:
            return
        self._held_back.append(document)
        enough = self._heard >= ENOUGH and sum(map(_size, self._held_back)) >= PORTION
        if enough and sum(not each.done() for each in self._early if each is not None) <= self._reviewer.options.jobs:
            self._early.append(self._begin(self._held_back))
            self._held_back = []

    def submit(self, tasks: Sequence[Task]) -> Iterable[Pending[Review]]:
        """Begin with tasks; the larger ones first, so that none is left alone at the end."""
        found = self._reviewer.found
        several = len(found.documents) + bool(found.batches) > 1
        if self._strangers is None and not (several and self._heard >= ENOUGH):
            return here(self._reviewer.part, self._deadline)(tasks)
        fresh = [task for task in tasks if id(task) not in self._pending]
        for portion in _portions(fresh, self._reviewer.options.jobs * SHARE):
            self._begin(portion)
        return [self._pending[id(task)] for task in tasks]

    def end(self) -> None:
        """End the processes, at work or not."""
        from threading import Thread

        if self._strangers is None:
            return
        processes = set(_children()) - self._strangers
        for process in processes:
            process.kill()
        if self._pool is not None:
            # Its own thread must have ended before Python does; in older versions that may take for ever.
            closing = Thread(target=self._pool.shutdown, kwargs={"cancel_futures": True}, daemon=True)
            closing.start()
            closing.join(MOST)
        for process in processes:
            process.join()

    def _begin(self, tasks: Sequence[Task]) -> Future[list[Part[Review]]] | None:
        future = self._begun(tasks)
        for place, task in enumerate(tasks):
            self._pending[id(task)] = self._result(future, place, task)
        return future

    def _begun(self, tasks: Sequence[Task]) -> Future[list[Part[Review]]] | None:
        from concurrent.futures.process import BrokenProcessPool

        documents = all(isinstance(task, Document) for task in tasks)
        found = None if documents else self._reviewer.found.for_terraform()
        try:
            if self._strangers is None:
                self._strangers = set(_children())
                self._pool = self._started(self._reviewer.options.jobs)
            if self._pool is None:
                return None
            with _uninterrupted():
                return self._pool.submit(_work, tasks, self._deadline.again(), found)
        except BrokenProcessPool:
            return None
        except (ImportError, NotImplementedError, OSError):
            self._pool, self._forbidden = None, True
            return None

    def _started(self, processes: int) -> ProcessPoolExecutor:
        from concurrent.futures import ProcessPoolExecutor
        from multiprocessing import get_context

        return ProcessPoolExecutor(processes, get_context(METHOD), _initialise, (self._reviewer,))

    def _result(self, future: Future[list[Part[Review]]] | None, place: int, task: Task) -> Pending[Review]:
        from concurrent.futures.process import BrokenProcessPool

        def result() -> Part[Review]:
            try:
                return future.result()[place] if future is not None else self._alone(task)
            except BrokenProcessPool:
                return self._alone(task)

        return result

    def _alone(self, task: Task) -> Part[Review]:
        """What comes of a task in a process that has no other; where that ends too, what is said of its files."""
        from concurrent.futures.process import BrokenProcessPool

        if self._forbidden:
            return self._reviewer.part(task, Log(self._deadline.again()))
        if self._pool is not None:
            self._pool.shutdown()
            self._pool = None
        with _uninterrupted():
            pool = self._started(1)
            future = pool.submit(_work, [task], self._deadline.again(), None)
        try:
            return future.result()[0]
        except BrokenProcessPool:
            return self._lost(task)
        finally:
            pool.shutdown()

    def _lost(self, task: Task) -> Part[Review]:
        """What is said of files over which a process ended: of directories, each is tried by itself."""
        smaller = [] if isinstance(task, Document) else list(_single(task))
        if len(smaller) > 1:
            parts = [self._alone((each,)) for each in smaller]
            whole = Part([review for part in parts for review in part.projects], Log(self._deadline.again()))
            for part in parts:
                whole.log.take_in(part.log)
            return whole
        log = Log(self._deadline.again())
        paths = [task.path] if isinstance(task, Document) else [path for each in task for path in each.directories]
        paths += [] if isinstance(task, Document) else [plan for each in task for plan in each.plans]
        shown = [self._reviewer.found.sources.show(path) for path in paths]
        log.errors += (f"{path}: {ENDED}" for path in shown)
        return self._reviewer.of_projects([unreadable(path, f"cannot be analysed: {ENDED}") for path in shown], log)


def _single(batches: Iterable[Batch]) -> Iterator[Batch]:
    """Batches of one directory or plan each."""
    for batch in batches:
        for directory, files in batch.directories.items():
            yield Batch({directory: files}, batch.named)
        for plan in batch.plans:
            yield Batch({}, batch.named, (plan,))


def _size(task: Task) -> int:
    """What a task counts for; nobody knows of Terraform, which is large."""
    return max(task.size, LEAST) if isinstance(task, Document) else sys.maxsize


def _portions(tasks: Sequence[Task], number: int) -> Iterator[list[Task]]:
    """The tasks, the largest first, in portions of about the same size."""
    room = sum(_size(task) for task in tasks if isinstance(task, Document)) // number
    portion: list[Task] = []
    taken = 0
    for task in sorted(tasks, key=_size, reverse=True):
        portion.append(task)
        taken += _size(task)
        if taken >= room:
            yield portion
            portion, taken = [], 0
    if portion:
        yield portion


def _initialise(reviewer: Reviewer) -> None:
    """What a worker does first. It lives no longer than the process that started it."""
    global _reviewer
    _reviewer = reviewer
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
    _end_with_parent()


def _end_with_parent() -> None:
    from multiprocessing import parent_process
    from multiprocessing.connection import wait
    from threading import Thread

    parent = parent_process()
    if parent is not None:
        sentinel = parent.sentinel

        def watch() -> None:
            wait([sentinel])
            os._exit(1)

        Thread(target=watch, daemon=True).start()


def _work(tasks: Sequence[Task], deadline: Deadline, found: Discovery | None) -> list[Part[Review]]:
    """What comes of the tasks; `found` is what must be known for them beside what the process began with."""
    if _reviewer is None:
        raise RuntimeError("a worker that was not begun")
    reviewer = _reviewer if found is None else _reviewer.knowing(found)
    return [reviewer.part(task, Log(deadline.again())) for task in tasks]


def _children() -> list[BaseProcess]:
    from multiprocessing import active_children

    return active_children()


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Processes are started whole: an interrupt waits for that, and they inherit that none is for them."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)

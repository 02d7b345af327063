"""The committer: what waits together is done together, in order, and nobody is left behind."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from queue import SimpleQueue

import pytest

from domain.errors import Busy
from services.hot.committer import Committer


@dataclass
class Slow:
    """Work whose first batch ends only when the test says so; it notes the batches it was given."""

    batches: list[list[int]] = field(default_factory=list)
    began: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Event = field(default_factory=threading.Event)

    def work(self, requests: Sequence[int]) -> list[str]:
        """Say each number."""
        self.batches.append(list(requests))
        if len(self.batches) == 1:
            self.began.set()
            assert self.go_on.wait(30)
        if 13 in requests:
            raise ValueError("an unlucky number")
        return [f"did {number}" for number in requests]


@dataclass
class Queue:
    """A committer with one request at work and others behind it in a known order."""

    slow: Slow
    committer: Committer
    pool: ThreadPoolExecutor

    def ask(self, numbers: Sequence[int]) -> list[object]:
        """Ask in this order, the first alone; all outcomes."""
        asked = [self.pool.submit(self.committer, self.slow.work, numbers[0])]
        assert self.slow.began.wait(30)
        for place, number in enumerate(numbers[1:], 1):
            asked.append(self.pool.submit(self.committer, self.slow.work, number))
            while len(self.committer) < place:
                threading.Event().wait(0.001)
        self.slow.go_on.set()
        return [each.result(30) for each in asked]


@pytest.fixture
def queue() -> Queue:
    return Queue(Slow(), Committer(most_waiting=8, most_at_once=4), ThreadPoolExecutor(16))


def test_a_lone_request_is_done_at_once_in_its_own_thread() -> None:
    threads: SimpleQueue[str] = SimpleQueue()

    def work(requests: Sequence[str]) -> list[str]:
        threads.put(threading.current_thread().name)
        return [request.upper() for request in requests]

    assert Committer(8)(work, "a") == "A"
    assert threads.get() == threading.current_thread().name


def test_what_came_meanwhile_is_done_together_in_the_order_of_arrival(queue: Queue) -> None:
    assert queue.ask([1, 2, 3, 4]) == ["did 1", "did 2", "did 3", "did 4"]
    assert queue.slow.batches == [[1], [2, 3, 4]]


def test_a_batch_has_a_limit_and_the_rest_follows_at_once(queue: Queue) -> None:
    assert queue.ask([1, 2, 3, 4, 5, 6, 7]) == [f"did {number}" for number in range(1, 8)]
    assert queue.slow.batches == [[1], [2, 3, 4, 5], [6, 7]]


def test_who_finds_the_queue_full_is_told_to_come_again(queue: Queue) -> None:
    waiting = [queue.pool.submit(queue.committer, queue.slow.work, 0)]
    assert queue.slow.began.wait(30)
    waiting += [queue.pool.submit(queue.committer, queue.slow.work, number) for number in range(1, 9)]
    while len(queue.committer) < 8:
        threading.Event().wait(0.001)
    with pytest.raises(Busy) as busy:
        queue.committer(queue.slow.work, 99)
    queue.slow.go_on.set()
    assert busy.value.facts == {"retry_after": 1}
    assert [each.result(30) for each in waiting] == [f"did {number}" for number in range(9)]


def test_of_a_batch_that_failed_nobody_has_an_outcome_and_the_next_one_goes_on(queue: Queue) -> None:
    assert queue.ask([1, 12, 13, 14, 15, 16]) == ["did 1", None, None, None, None, "did 16"]


def test_two_kinds_of_work_share_the_queue_and_not_their_batches(queue: Queue) -> None:
    other = Slow()
    other.go_on.set()
    first = queue.pool.submit(queue.committer, queue.slow.work, 1)
    assert queue.slow.began.wait(30)
    rest = [queue.pool.submit(queue.committer, work, number)
            for number, work in enumerate((queue.slow.work, other.work) * 2, 2)]  # fmt: skip
    while len(queue.committer) < 4:
        threading.Event().wait(0.001)
    queue.slow.go_on.set()
    assert [first.result(30), *(each.result(30) for each in rest)] == [f"did {number}" for number in range(1, 6)]
    assert sorted(len(batch) for batch in (*queue.slow.batches, *other.batches)) == [1, 2, 2]


def test_who_leads_and_dies_takes_nobody_along(queue: Queue) -> None:
    def dies(_requests: Sequence[int]) -> list[str]:
        raise SystemExit

    first = queue.pool.submit(queue.committer, queue.slow.work, 1)
    assert queue.slow.began.wait(30)
    rest = []
    for place, work in enumerate((dies, queue.slow.work, dies, queue.slow.work, queue.slow.work), 1):
        rest.append(queue.pool.submit(queue.committer, work, place))
        while len(queue.committer) < place:
            threading.Event().wait(0.001)
    queue.slow.go_on.set()
    assert first.result(30) == "did 1"
    assert isinstance(rest[0].exception(30), SystemExit)
    assert [each.result(30) for each in rest[1:]] == [None, None, None, "did 5"]


def test_while_a_batch_takes_long_a_second_one_runs_beside_it_and_no_third() -> None:
    clock = iter([0.0, 0.05, 1.0, 1.0, 2.0, *([9.0] * 9)])
    first, second = Slow(), Slow()
    committer = Committer(8, slow_seconds=0.1, seconds=lambda: next(clock))
    with ThreadPoolExecutor(8) as pool:
        one = pool.submit(committer, first.work, 1)
        assert first.began.wait(30)
        soon = pool.submit(committer, second.work, 2)  # after 0.05 s it waits
        while len(committer) < 1:
            threading.Event().wait(0.001)
        late = pool.submit(committer, second.work, 3)  # after 1 s both go on
        assert second.began.wait(30)
        last = pool.submit(committer, second.work, 4)
        while len(committer) < 1:
            threading.Event().wait(0.001)
        assert second.batches == [[2, 3]]
        second.go_on.set()
        assert [each.result(30) for each in (soon, late)] == ["did 2", "did 3"]
        assert last.result(30) == "did 4"  # the second lane goes on while the first still works
        first.go_on.set()
        assert one.result(30) == "did 1"

"""What was looked up is believed for a moment, and looked up once for all who ask together."""

import threading
import time

import pytest

from yutang.kernel import briefly
from yutang.kernel.briefly import Briefly


class Book:
    """Where things are looked up: counts, and says what it is told to."""

    def __init__(self) -> None:
        self.says: dict[str, str] = {"a": "first"}
        self.looks = 0
        self.meanwhile = lambda: None

    def look(self, key: str) -> str | None:
        self.looks += 1
        answer = self.says.get(key)
        self.meanwhile()
        return answer


@pytest.fixture
def book() -> Book:
    return Book()


@pytest.fixture
def pass_time(monkeypatch):
    now = [time.monotonic()]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])

    def run_on(seconds: float) -> None:
        now[0] += seconds

    return run_on


def test_a_change_shows_after_the_time_is_up_and_not_before(book, pass_time):
    known = Briefly(book.look, seconds=2.0)
    assert known("a") == "first"
    book.says["a"] = "second"
    pass_time(1.9)
    assert known("a") == "first"
    pass_time(0.2)
    assert known("a") == "second"
    assert book.looks == 2


def test_forgetting_shows_a_change_at_once(book):
    known = Briefly(book.look, seconds=2.0)
    known("a")
    book.says["a"] = "second"
    known.forget()
    assert known("a") == "second"
    book.says["a"] = "third"
    briefly.forget_all()
    assert known("a") == "third"


def test_what_was_not_found_or_is_gone_is_not_believed(book, pass_time):
    known = Briefly(book.look, seconds=2.0)
    assert known("b") is None
    book.says["b"] = "here now"
    assert known("b") == "here now"
    del book.says["b"]
    pass_time(3)
    assert known("b") is None


def test_while_one_looks_again_others_go_by_what_is_known(book, pass_time):
    known = Briefly(book.look, seconds=2.0)
    known("a")
    book.says["a"] = "second"
    pass_time(3)
    heard = []
    book.meanwhile = lambda: heard.append(known("a"))
    assert known("a") == "second"
    assert heard == ["first"]


def test_a_crowd_asking_for_something_new_looks_once(book):
    known, together, heard = Briefly(book.look, seconds=60.0), threading.Barrier(8), []

    def ask() -> None:
        together.wait()
        heard.append(known("a"))

    book.meanwhile = lambda: time.sleep(0.02)
    crowd = [threading.Thread(target=ask) for _ in range(8)]
    for each in crowd:
        each.start()
    for each in crowd:
        each.join()
    assert heard == ["first"] * 8
    assert book.looks == 1


def test_it_remembers_a_bounded_number(book):
    known = Briefly(book.look, seconds=60.0, at_most=3)
    book.says = {str(number): "x" for number in range(10)}
    for number in range(10):
        known(str(number))
    assert len(known._kept) <= 3

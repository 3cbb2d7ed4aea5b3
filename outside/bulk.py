"""Many people and friendships at once, for tests of reading a hundred thousand, and scans at a steady rate."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from outside import scanning
from outside.description import find_member
from outside.errors import ControlError
from outside.records import JSON, Person, Relation
from outside.world import World, unionid_of

_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰"


def _stranger(prefix: str, number: int) -> Person:
    person_id = f"{prefix}{number}"
    surname, given = _SURNAMES[number % len(_SURNAMES)], _GIVEN[number * 7 % len(_GIVEN)]
    return Person(
        person_id, f"{surname}{given}{number}", unionid_of(person_id), number % 3, f"1{30_0000_0000 + number}"
    )


def make_relations(world: World, given: JSON) -> JSON:
    """corpid, userids, count, prefix: so many new people, shared out among the members in turn; no event is told."""
    corpid, count = given["corpid"], int(given["count"])
    members = [find_member(world, corpid, userid) for userid in given["userids"]]
    prefix = given.get("prefix", "bulk")
    started = int(given.get("createtime", world.clock.seconds()))
    for number in range(count):
        person = world.people.get(f"{prefix}{number}") or _stranger(prefix, number)
        member = members[number % len(members)]
        external_userid = world.external_userid(corpid, person)  # which also puts a new person
        if world.relations.get(corpid, member.userid.lower(), external_userid) is None:
            world.relations.put(
                Relation(
                    corpid,
                    member.userid,
                    external_userid,
                    started,
                    oper_userid=external_userid,
                    state=given.get("state", ""),
                    tags=list(given.get("tags", [])),
                    unread=False,
                )
            )
    return {"relations": count}


class Jobs:
    """Scans under way in the background."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._reports: dict[str, JSON] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def start_scans(self, given: JSON) -> JSON:
        """url, count, per_second, prefix: so many new people scan the code, evenly spread over the time."""
        url, count = given["url"], int(given["count"])
        if scanning.find_target(self._world, url) is None:
            raise ControlError("this code leads nowhere", 404)
        job_id = self._world.new_hex()[:12]
        report: JSON = {"id": job_id, "count": count, "scanned": 0, "outcomes": {}, "done": False, "people": []}
        self._reports[job_id] = report
        prefix = given.get("prefix", f"scan{job_id[:4]}-")
        task = asyncio.get_running_loop().create_task(
            self._scan(report, url, prefix, count, float(given.get("per_second", 50)))
        )
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return report

    async def _scan(self, report: JSON, url: str, prefix: str, count: int, per_second: float) -> None:
        started = time.monotonic()
        for number in range(count):
            wait = started + number / per_second - time.monotonic()
            await asyncio.sleep(max(0.0, wait))
            person_id = f"{prefix}{number}"
            person = self._world.people.get(person_id) or self._world.people.put(_stranger(prefix, number))
            outcome: dict[str, Any] = scanning.scan(self._world, person, url)
            self._world.commit()
            report["scanned"] += 1
            report["outcomes"][outcome["outcome"]] = report["outcomes"].get(outcome["outcome"], 0) + 1
        report["seconds"] = time.monotonic() - started
        report["done"] = True

    def report(self, job_id: str) -> JSON:
        if job_id not in self._reports:
            raise ControlError("no such job", 404)
        return self._reports[job_id]

    def stop(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        self._reports.clear()

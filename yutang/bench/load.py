"""A load generator: requests sent when they are due, whether or not earlier ones have been answered (an open loop)."""

import asyncio
import json
import sys
import time
from dataclasses import dataclass
from typing import Any

import httpx


@dataclass(frozen=True)
class Shot:
    """One request. `at` is in seconds from the start."""

    at: float
    method: str
    url: str
    content: str = ""
    content_type: str = "text/xml"


@dataclass(frozen=True)
class Answer:
    """`seconds` runs from when the request was due, so waiting behind others counts."""

    seconds: float
    status: int
    text: str


async def fire(shots: list[Shot], *, connections: int = 64, timeout: float = 30.0) -> list[Answer]:
    """Send every shot at its time. A request that fails has status 0."""
    limits = httpx.Limits(max_connections=connections, max_keepalive_connections=connections)
    async with httpx.AsyncClient(limits=limits, timeout=timeout) as client:
        began = time.perf_counter() + 0.2

        async def one(shot: Shot) -> Answer:
            due = began + shot.at
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            try:
                headers = {"content-type": shot.content_type} if shot.content else {}
                response = await client.request(shot.method, shot.url, content=shot.content or None, headers=headers)
            except httpx.HTTPError as error:
                return Answer(time.perf_counter() - due, 0, repr(error))
            return Answer(time.perf_counter() - due, response.status_code, response.text[:200])

        return list(await asyncio.gather(*(one(shot) for shot in shots)))


def evenly(count: int, *, per_second: float, make: Any) -> list[Shot]:
    """`make(number, at)` for each of `count` moments, evenly spaced."""
    return [make(number, number / per_second) for number in range(count)]


def main() -> None:
    """Shots as JSON on standard input, answers as JSON on standard output: the generator in a process of its own."""
    shots = [Shot(**shot) for shot in json.load(sys.stdin)]
    answers = asyncio.run(fire(shots))
    json.dump([vars(answer) for answer in answers], sys.stdout)


if __name__ == "__main__":
    main()

"""A load generator: requests sent when they are due, whether or not earlier ones have been answered (an open loop)."""

import asyncio
import json
import sys
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Shot:
    """One request. `at` is in seconds from the start."""

    at: float
    method: str
    url: str
    content: str = ""
    content_type: str = "text/xml"
    headers: str = ""  # further header lines, each ending in CRLF


@dataclass(frozen=True)
class Answer:
    """`seconds` runs from when the request was due, so waiting behind others counts."""

    seconds: float
    status: int
    text: str


class Connections:
    """Kept connections to one server. Plain: a full HTTP library costs more than the server it measures."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port
        self._idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def send(self, request: bytes) -> tuple[int, str]:
        """Send one request and read its answer: the status and the beginning of the body."""
        reader, writer = self._idle.pop() if self._idle else await asyncio.open_connection(self._host, self._port)
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        length = int(head.partition("content-length:")[2].partition("\r\n")[0] or 0)
        body = await reader.readexactly(length)
        self._idle.append((reader, writer))
        return int(head.split(" ", 2)[1]), body.decode(errors="replace")[:200]

    def close(self) -> None:
        for _, writer in self._idle:
            writer.close()


def _bytes_of(shot: Shot) -> bytes:
    url = urlsplit(shot.url)
    body = shot.content.encode()
    head = (
        f"{shot.method} {url.path}?{url.query} HTTP/1.1\r\nHost: {url.netloc}\r\n"
        f"Content-Type: {shot.content_type}\r\nContent-Length: {len(body)}\r\n{shot.headers}\r\n"
    )
    return head.encode() + body


async def fire(shots: list[Shot], *, timeout: float = 30.0) -> list[Answer]:
    """Send every shot at its time, all to the server of the first. A request that fails has status 0."""
    server = urlsplit(shots[0].url)
    connections = Connections(server.hostname or "127.0.0.1", server.port or 80)
    began = time.perf_counter() + 0.2

    async def one(shot: Shot, request: bytes) -> Answer:
        due = began + shot.at
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        try:
            status, text = await asyncio.wait_for(connections.send(request), timeout)
        except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
            return Answer(time.perf_counter() - due, 0, repr(error))
        return Answer(time.perf_counter() - due, status, text)

    answers = await asyncio.gather(*(one(shot, _bytes_of(shot)) for shot in shots))
    connections.close()
    return list(answers)


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

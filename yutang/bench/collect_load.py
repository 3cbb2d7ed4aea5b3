"""Sends events as fast as they are answered, from a process of its own; tells how many a second were accepted."""

import asyncio
import base64
import json
import sys
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from yutang.bench.load import Connections

PEOPLE = 20_000
NAMES = ("Product Viewed", "Product Added", "Page Scrolled", "Checkout Started", "Order Completed")


def message(number: int) -> dict[str, Any]:
    """An event as a shop sends them: some of them of members, most of browsers."""
    who = number * 7919 % PEOPLE
    return {
        "type": "track",
        "messageId": str(uuid.uuid4()),
        "anonymousId": f"browser-{who:06d}",
        "event": NAMES[number % len(NAMES)],
        "timestamp": datetime.now(UTC).isoformat(),
        "properties": {"sku": f"SKU-{number % 500}", "price": number % 90 + 0.5, "category": "fruit", "quantity": 1},
        "context": {"library": {"name": "bench"}, "page": {"url": f"https://shop.example/p/{number % 500}"}},
    }


def requests(url: str, key: str, events: int, batch: int) -> Iterator[bytes]:
    address = urlsplit(url)
    token = base64.b64encode(f"{key}:".encode()).decode()
    path = "/v1/track" if batch == 1 else "/v1/batch"
    for start in range(0, events, batch):
        told = [message(number) for number in range(start, min(start + batch, events))]
        body = json.dumps(told[0] if batch == 1 else {"batch": told}).encode()
        head = (
            f"POST {path} HTTP/1.1\r\nHost: {address.netloc}\r\nAuthorization: Basic {token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        yield head.encode() + body


async def send(url: str, waiting: list[bytes], at_once: int) -> float:
    """Every request, `at_once` of them under way at a time; the seconds it took. Raises where one is not accepted."""
    address = urlsplit(url)
    connections = Connections(address.hostname or "127.0.0.1", address.port or 80)

    async def work() -> None:
        while waiting:
            status, text = await connections.send(waiting.pop())
            if status != 200:
                raise RuntimeError(f"{status}: {text}")

    began = time.perf_counter()
    await asyncio.gather(*(work() for _ in range(at_once)))
    connections.close()
    return time.perf_counter() - began


def main() -> None:
    url, key, events, batch, at_once = sys.argv[1], sys.argv[2], *map(int, sys.argv[3:6])
    waiting = list(requests(url, key, events, batch))
    print(json.dumps({"seconds": asyncio.run(send(url, waiting, at_once))}))


if __name__ == "__main__":
    main()

"""News for the phone pages, as server-sent events: which part of the world changed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

_SILENCE = 15.0  # seconds after which a comment is sent, so that a broken connection is noticed


class LiveChannel:
    """Every listener gets every piece of news; a listener that does not read loses news, never the world."""

    def __init__(self) -> None:
        self._listeners: set[asyncio.Queue[dict[str, Any]]] = set()

    def tell(self, topic: str, **details: Any) -> None:
        for queue in self._listeners:
            if queue.full():
                queue.get_nowait()
            queue.put_nowait({"topic": topic, **details})

    async def listen(self) -> AsyncIterator[str]:
        queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue(maxsize=1000)
        self._listeners.add(queue)
        try:
            yield "retry: 1000\n\n"
            while True:
                try:
                    news = await asyncio.wait_for(queue.get(), _SILENCE)
                except TimeoutError:
                    yield ": still here\n\n"
                else:
                    yield f"data: {json.dumps(news, ensure_ascii=False)}\n\n"
        finally:
            self._listeners.discard(queue)

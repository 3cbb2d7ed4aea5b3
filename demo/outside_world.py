"""A hand on the outside world's controls, by HTTP."""

import json
import urllib.request
from typing import Any
from urllib.parse import urlencode


class OutsideWorld:
    def __init__(self, url: str) -> None:
        self.url = url

    def post(self, path: str, body: dict[str, Any]) -> Any:
        request = urllib.request.Request(  # noqa: S310
            f"{self.url}/control{path}", json.dumps(body).encode(), {"Content-Type": "application/json"}, method="POST"
        )
        with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310
            return json.load(response)

    def get(self, path: str, **query: str) -> Any:
        with urllib.request.urlopen(f"{self.url}/control{path}?{urlencode(query)}", timeout=30) as response:  # noqa: S310
            return json.load(response)

    def describe(self, world: dict[str, Any]) -> None:
        self.post("/seed", world)

    def act(self, name: str, **given: Any) -> Any:
        return self.post(f"/act/{name}", given)

    def set_clock(self, offset_seconds: float) -> None:
        """Let it be now plus so many seconds, for both sides: they share the clock file."""
        self.post("/clock", {"offset": offset_seconds})

    def settle(self) -> None:
        """Wait until every callback has been delivered."""
        self.post("/callbacks/wait", {"seconds": 20})

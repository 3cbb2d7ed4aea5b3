"""python -m demo run [--reload] | seed"""

import sys

from demo.run import main as run

if __name__ == "__main__":
    match sys.argv[1:]:
        case ["run"]:
            sys.exit(run())
        case ["run", "--reload"]:
            sys.exit(run(reload=True))
        case ["seed"]:
            from demo.seed import main as seed

            sys.exit(seed())
        case _:
            print(__doc__, file=sys.stderr)
            sys.exit(2)

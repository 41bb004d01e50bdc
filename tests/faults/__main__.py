"""`python -m tests.faults killed restarted full migrated restored flooded silenced slow guessed stormed`: see the
package's docstring."""

import argparse
import importlib
import sys

FAULTS = (
    *("killed", "restarted", "full", "migrated", "restored", "flooded", "silenced"),
    *("slow", "guessed", "stormed"),
)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults")
    parser.add_argument("faults", nargs="*", choices=[*FAULTS, []], help="all, unless named")
    parser.add_argument(
        "--reports", type=int, default=100_000, help="for migrated, restored, stormed"
    )
    parser.add_argument("--seconds", type=float, default=60, help="for killed")
    arguments = parser.parse_args()
    options = {
        "killed": {"seconds": arguments.seconds},
        "migrated": {"reports": arguments.reports},
        "restored": {"reports": arguments.reports},
        "stormed": {"reports": arguments.reports},
    }
    failed = False
    for name in arguments.faults or FAULTS:
        print(f"\n== {name} ==", flush=True)
        problems = importlib.import_module(f"tests.faults.{name}").run(**options.get(name, {}))
        for problem in problems:
            print(f"BROKEN: {problem}")
        print("kept" if not problems else "not kept", flush=True)
        failed = failed or bool(problems)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

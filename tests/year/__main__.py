"""`python -m tests.year`: see the package's docstring."""

import argparse
import datetime as dt
import sys
import tempfile
import time
from pathlib import Path


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.year")
    parser.add_argument("--reports", type=int, default=5000)
    parser.add_argument("--days", type=int, default=365, help="from 1 January 2025 on")
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--kills", type=float, default=0.15, help="how likely at each round")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    sys.path.insert(0, str(Path(__file__).parents[1]))
    with tempfile.TemporaryDirectory(prefix="lapor-year-", dir="/var/tmp") as folder:
        Path(folder).chmod(0o711)  # as root the server runs as another user, who has to get in
        return run(arguments, Path(folder))


def run(arguments: argparse.Namespace, folder: Path) -> int:
    from flask_migrate import upgrade

    from lapor_web import create_app, embedded
    from lapor_web.extensions import db
    from year.driver import SECRET, Year
    from year.outcomes import in_short

    with embedded.start(folder / "city", durable=False) as server:
        url = server.url
        environ = {
            "DATABASE_URL": url,
            "SECRET_KEY": SECRET,
            "LAPOR_STORAGE": str(folder / "storage"),
        }
        app = create_app(
            {
                "SECRET_KEY": environ["SECRET_KEY"],
                "SQLALCHEMY_DATABASE_URI": url,
                "LAPOR_STORAGE": environ["LAPOR_STORAGE"],
            }
        )
        with app.app_context():
            upgrade()
            started = time.monotonic()
            first = dt.date(2025, 1, 1)
            outcomes = Year(
                db.engine,
                folder,
                environ,
                reports=arguments.reports,
                first=first,
                last=first + dt.timedelta(days=arguments.days - 1),
                workers=arguments.workers,
                kills=arguments.kills,
                seed=arguments.seed,
            ).run()
            print(in_short(outcomes))
            print(f"in {time.monotonic() - started:.0f} s, seed {arguments.seed}")
            db.engine.dispose()
    return 0 if outcomes.is_right else 1


if __name__ == "__main__":
    sys.exit(main())

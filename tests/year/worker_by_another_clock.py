"""A worker as `lapor worker` starts it, but with the year's clock, and a gateway that only counts."""

import datetime as dt
import os
from pathlib import Path

from lapor_web import clock, create_app
from lapor_web.services.channels import Letter, Sent
from lapor_web.worker import run_worker

CLOCK = Path(os.environ["YEAR_CLOCK"])
COUNTED = os.open(os.environ["YEAR_LETTERS"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)


class CountingGateway:
    def send(self, letter: Letter) -> Sent:
        """One short write at the end of the file: whole, whoever else writes and dies."""
        os.write(COUNTED, f"{letter.key}\n".encode())
        return Sent()


if __name__ == "__main__":
    clock.now = lambda: dt.datetime.fromisoformat(CLOCK.read_text())
    clock.agrees = lambda session: True
    app = create_app()
    app.extensions["lapor_mail"] = CountingGateway()
    run_worker(app)

"""Promise 13 (S-31): 40 guessers at the door. Pages stay under 200 ms (p99), of one account at most ten passwords are
compared, and its owner gets in at their own browser."""

import secrets
import threading
import time
from collections import Counter

from .city import City, found_in_a_city
from .officers import new_officer, sign_in
from .phones import Client, hidden_in, somewhere
from .readers import PAGES, Reader, alone

GUESSERS, AT_THE_OWNER = 40, 10
SECONDS_ALONE, SECONDS_GUESSED = 10.0, 30.0
SECONDS_ALLOWED = 0.2
SECONDS_FOR_THE_OWNER = 30.0
COMPARED_AT_MOST = 10
OWNER = "pemilik"


class Guesser:
    """Each guess comes from another address, and most are at another account: so nothing but the line for
    hashing slows them."""

    def __init__(self, address: str, username: str = "") -> None:
        self.client, self.username = Client(address, 60, place=somewhere()), username
        self.statuses: Counter[int] = Counter()
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self.guess)
        self.thread.start()

    def guess(self) -> None:
        form = hidden_in(self.client.ask("/masuk").body, "/masuk")
        while not self.stopping.is_set():
            self.client.place = somewhere()
            name = self.username or f"petugas-{secrets.token_hex(4)}"
            typed = form | {"username": name, "password": secrets.token_urlsafe(9)}
            self.statuses[self.client.send("/masuk", typed).status] += 1

    def stop(self) -> None:
        self.stopping.set()
        self.thread.join()


def run() -> list[str]:
    return found_in_a_city(measure)


def measure(one: City) -> list[str]:
    owner = new_officer(one, OWNER)
    owner.send("/keluar", hidden_in(owner.ask("/kotak-masuk").body, "/keluar"))
    before = alone(Client(one.address, place="10.1.1.1"), SECONDS_ALONE)
    guessers = [
        Guesser(one.address, OWNER if number < AT_THE_OWNER else "") for number in range(GUESSERS)
    ]
    reader = Reader(Client(one.address, place="10.1.1.1"), PAGES)
    time.sleep(SECONDS_GUESSED)
    reader.stop()
    waited = until_in(owner)
    for guesser in guessers:
        guesser.stop()
    statuses = sum((one.statuses for one in guessers), Counter[int]())
    compared = sum(one.statuses[422] for one in guessers[:AT_THE_OWNER])
    print(
        f"alone: {before}\nbeside {GUESSERS} guessers: {reader}\nguesses: {dict(statuses)}, compared with the"
        f" owner's password {compared}; the owner got in after {waited:.1f} s"
    )
    problems = reader.problems(SECONDS_ALLOWED)
    if compared > COMPARED_AT_MOST:
        problems.append(f"{compared} guesses at one account were compared")
    if waited > SECONDS_FOR_THE_OWNER:
        problems.append(f"the owner waited {waited:.1f} s")
    if odd := set(statuses) - {422, 429}:
        problems.append(f"guesses were answered with {sorted(odd)}")
    return problems


def until_in(owner: Client) -> float:
    """Seconds; told that it is busy, a person tries again when they are told to."""
    began = time.monotonic()
    while (answer := sign_in(owner, OWNER)).status != 303:
        if time.monotonic() - began > 2 * SECONDS_FOR_THE_OWNER:
            break
        time.sleep(int(answer.headers["Retry-After"]) if answer.status == 429 else 1)
    return time.monotonic() - began

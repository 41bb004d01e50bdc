"""A client that costs little: prepared bytes over kept-alive sockets, one process a connection."""

import random
import socket
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier

WARM_UP = 0.2
"""The part of the time that is not measured."""


SECONDS_TO_PREPARE = 120
"""How long what is sent may take to make. Whoever is silent longer has broken off."""


@dataclass(frozen=True)
class Measured:
    """`seconds` of each request, and how many were answered per second in all."""

    per_second: float
    median: float
    p95: float

    def __str__(self) -> str:
        return f"{self.per_second:7.0f}/s  p50 {self.median * 1000:6.2f} ms  p95 {self.p95 * 1000:6.2f} ms"


Requests = Callable[[int], Iterator[bytes]]
"""Makes the requests of one connection, given its number."""


def measure(
    port: int, requests: Requests, *, connections: int, seconds: float, every: float = 0
) -> Measured:
    """Each connection asks as soon as it is answered; or, as people do, once `every` so many seconds,
    no two of them in step. None begins before all have prepared what they send, which takes more of
    the processors than the application does."""
    context = get_context("fork")
    results: Queue[tuple[list[float], int]] = context.Queue()
    ready = context.Barrier(connections, timeout=SECONDS_TO_PREPARE)
    workers = [
        context.Process(target=_run, args=(port, requests, number, seconds, every, ready, results))
        for number in range(connections)
    ]
    for worker in workers:
        worker.start()
    collected = [results.get(timeout=seconds + SECONDS_TO_PREPARE) for _ in workers]
    for worker in workers:
        worker.join()
    worst = max(status for _, status in collected)
    if worst >= 400:
        raise RuntimeError(f"answered with {worst}: how fast something is refused is no figure")
    times = [one for taken, _ in collected for one in taken]
    return Measured(
        per_second=len(times) / seconds,
        median=statistics.median(times),
        p95=statistics.quantiles(times, n=20)[-1],
    )


def _run(
    port: int,
    requests: Requests,
    number: int,
    seconds: float,
    every: float,
    ready: Barrier,
    results: "Queue[tuple[list[float], int]]",
) -> None:
    taken: list[float] = []
    worst = 0
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        prepared = requests(number)
        ready.wait()
        start = time.perf_counter() + seconds * WARM_UP
        end = start + seconds
        for request in prepared:
            time.sleep(random.uniform(0, 2 * every))
            before = time.perf_counter()
            connection.sendall(request)
            worst = max(worst, read_answer(connection))
            after = time.perf_counter()
            if before >= start:
                taken.append(after - before)
            if after >= end:
                break
        else:
            raise RuntimeError("ran out of requests")
    results.put((taken, worst))


def read_answer(connection: socket.socket) -> int:
    """The status; the body is read and thrown away."""
    received = b""
    while (head_ends := received.find(b"\r\n\r\n")) < 0:
        received += _receive(connection)
    head = received[:head_ends].lower()
    missing = int(head.split(b"content-length:")[1].split(b"\r\n")[0]) - (
        len(received) - head_ends - 4
    )
    while missing > 0:
        missing -= len(_receive(connection))
    return int(received[9:12])


def _receive(connection: socket.socket) -> bytes:
    if part := connection.recv(65536):
        return part
    raise ConnectionError("the server hung up")

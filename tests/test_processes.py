"""The supervisor as a process of its own, as `lapor run` is: what it stops, restarts and leaves."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from lapor_web import processes

SUPERVISOR = """
import signal, sys
from lapor_web import processes
signal.signal(signal.SIGHUP, signal.SIG_DFL)  # though these tests may run under nohup
processes.SECONDS_TO_STOP = float(sys.argv[2])
processes.SECONDS_BEFORE_RESTART = 0.02
commands = {name: [sys.executable, "-c", code, sys.argv[1], name] for name, code in zip(sys.argv[3::2], sys.argv[4::2])}
sys.exit(processes.Supervisor(commands).run())
"""

NOTE_START = """
import os, signal, sys, time
from pathlib import Path
def note(what):
    with open(Path(sys.argv[1]) / sys.argv[2], "a") as file:
        file.write(f"{what} {os.getpid()}\\n")
"""
OBEDIENT = (
    NOTE_START
    + """
def stop(*_):
    note("stopped")
    sys.exit()
signal.signal(signal.SIGTERM, stop)
note("started")
time.sleep(600)
"""
)
STUBBORN = (
    NOTE_START
    + """
signal.signal(signal.SIGTERM, lambda *_: note("refused"))
note("started")
while True:
    time.sleep(600)
"""
)
WITH_A_CHILD_OF_ITS_OWN = (
    NOTE_START
    + """
import subprocess
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
note("started")
with open(Path(sys.argv[1]) / "grandchild", "a") as file:
    file.write(f"started {child.pid}\\n")
time.sleep(600)
"""
)
SHORT_LIVED = NOTE_START + 'note("started")\nsys.exit(3)\n'


@pytest.fixture
def supervise(tmp_path):
    running = []

    def start(seconds_to_stop=10, **children):
        arguments = [part for pair in children.items() for part in pair]
        process = subprocess.Popen(
            [sys.executable, "-c", SUPERVISOR, tmp_path, str(seconds_to_stop), *arguments],
            stderr=subprocess.PIPE,
            text=True,
        )
        running.append(process)
        return process

    yield start
    for process in running:
        process.kill()
        process.wait()
        process.stderr.close()
    for path in tmp_path.iterdir():
        for _, pid in noted(tmp_path, path.name):
            if is_alive(pid):
                os.kill(pid, signal.SIGKILL)


def noted(folder, name):
    """What a child wrote about itself: pairs of a word and its process number."""
    path = folder / name
    if not path.exists():
        return []
    lines = [line.split() for line in path.read_text().splitlines()]
    return [(line[0], int(line[1])) for line in lines if len(line) == 2]


def words(folder, name):
    return [word for word, _ in noted(folder, name)]


def is_alive(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in "ZX"


def eventually(condition, seconds=20):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "did not happen in time"
        time.sleep(0.02)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_all_children_in_order(supervise, tmp_path, number):
    supervisor = supervise(web=OBEDIENT, worker=OBEDIENT)
    eventually(lambda: words(tmp_path, "web") and words(tmp_path, "worker"))

    supervisor.send_signal(number)

    assert supervisor.wait(20) == 0
    for name in ("web", "worker"):
        assert words(tmp_path, name) == ["started", "stopped"]
        assert not any(is_alive(pid) for _, pid in noted(tmp_path, name))


def test_a_killed_child_is_started_again(supervise, tmp_path):
    supervisor = supervise(web=OBEDIENT, worker=OBEDIENT)
    eventually(lambda: words(tmp_path, "web") and words(tmp_path, "worker"))

    os.kill(noted(tmp_path, "web")[0][1], signal.SIGKILL)

    eventually(lambda: words(tmp_path, "web") == ["started", "started"])
    assert words(tmp_path, "worker") == ["started"]
    supervisor.send_signal(signal.SIGTERM)
    assert "Proses web berhenti (sinyal 9)" in supervisor.communicate()[1]


def test_what_a_killed_child_left_is_gone_before_it_starts_again(supervise, tmp_path):
    supervise(web=WITH_A_CHILD_OF_ITS_OWN)
    eventually(lambda: noted(tmp_path, "grandchild"))

    os.kill(noted(tmp_path, "web")[0][1], signal.SIGKILL)

    eventually(lambda: len(noted(tmp_path, "grandchild")) == 2)
    assert not is_alive(noted(tmp_path, "grandchild")[0][1])


def test_stopping_reaches_the_childrens_children(supervise, tmp_path):
    supervisor = supervise(web=WITH_A_CHILD_OF_ITS_OWN)
    eventually(lambda: noted(tmp_path, "grandchild"))

    supervisor.send_signal(signal.SIGTERM)
    supervisor.wait(20)

    eventually(lambda: not is_alive(noted(tmp_path, "grandchild")[0][1]))


def test_it_gives_up_on_a_child_that_cannot_live(supervise, tmp_path):
    supervisor = supervise(web=SHORT_LIVED, worker=OBEDIENT)

    said = supervisor.communicate(timeout=30)[1]

    assert supervisor.returncode == 1
    assert words(tmp_path, "web") == ["started"] * processes.QUICK_DEATHS_ALLOWED
    assert "Proses web 5 kali berturut-turut berhenti" in said
    assert "terakhir: kode 3" in said
    assert not any(is_alive(pid) for _, pid in noted(tmp_path, "worker"))


def test_a_child_that_had_a_good_start_counts_anew(monkeypatch):
    child = processes.Child("web", [], {}, started_at=time.monotonic(), quick_deaths=3)
    monkeypatch.setattr(processes, "SECONDS_OF_A_GOOD_START", 0)

    child.note_death()

    assert child.quick_deaths == 1


def test_no_child_is_left_when_the_supervisor_is_killed(supervise, tmp_path):
    supervisor = supervise(web=OBEDIENT, worker=OBEDIENT)
    eventually(lambda: words(tmp_path, "web") and words(tmp_path, "worker"))

    supervisor.kill()

    pids = [pid for name in ("web", "worker") for _, pid in noted(tmp_path, name)]
    eventually(lambda: not any(is_alive(pid) for pid in pids))


def test_a_child_that_does_not_stop_is_killed_in_the_end(supervise, tmp_path):
    supervisor = supervise(seconds_to_stop=0.5, web=STUBBORN)
    eventually(lambda: words(tmp_path, "web"))

    supervisor.send_signal(signal.SIGTERM)

    assert "Proses web tidak mau berhenti" in supervisor.communicate(timeout=20)[1]
    assert words(tmp_path, "web") == ["started", "refused"]
    assert not is_alive(noted(tmp_path, "web")[0][1])


def test_a_second_ctrl_c_kills_at_once(supervise, tmp_path):
    supervisor = supervise(seconds_to_stop=600, web=STUBBORN)
    eventually(lambda: words(tmp_path, "web"))

    supervisor.send_signal(signal.SIGINT)
    eventually(lambda: "refused" in words(tmp_path, "web"))
    time.sleep(processes.SECONDS_OF_ONE_SIGNAL * 1.5)  # nearer together they count as one
    supervisor.send_signal(signal.SIGINT)

    supervisor.wait(20)
    assert not is_alive(noted(tmp_path, "web")[0][1])


def test_a_ctrl_c_that_comes_double_is_one(supervise, tmp_path):
    supervisor = supervise(seconds_to_stop=2, web=STUBBORN)
    eventually(lambda: words(tmp_path, "web"))
    begun = time.monotonic()

    supervisor.send_signal(signal.SIGINT)
    supervisor.send_signal(signal.SIGTERM)

    supervisor.wait(20)
    assert time.monotonic() - begun >= 2


def test_a_command_that_is_not_there_is_named():
    result = subprocess.run(
        processes.tethered(["/no/such/program"]), capture_output=True, text=True
    )

    assert result.returncode == processes.CANNOT_BE_RUN
    assert "/no/such/program" in result.stderr


def test_a_command_whose_starter_is_gone_does_not_begin():
    command = processes.tethered(["echo", "begun"])
    starter = command.index(str(os.getpid()))

    result = subprocess.run(
        [*command[:starter], "1", *command[starter + 1 :]], capture_output=True, text=True
    )

    assert result.stdout == ""

import socket
import subprocess
import sys

import pytest
from serving_city import free_port

from lapor_web.ports import NoPort, reserved

HERE = "127.0.0.1"

HOLDER = """
import sys
from lapor_web.ports import reserved
with reserved("127.0.0.1", int(sys.argv[1]), try_next=True) as port:
    print(port, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def listener():
    with socket.socket() as listener:
        # As the web server does, which lets others share its port.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        listener.bind((HERE, 0))
        listener.listen()
        yield listener


def test_a_free_port_is_the_one_asked_for():
    port = free_port()

    with reserved(HERE, port, try_next=True) as found:
        assert found == port


def test_a_port_that_somebody_serves_is_passed_over(listener):
    taken = listener.getsockname()[1]

    with reserved(HERE, taken, try_next=True) as found:
        assert found > taken


def test_or_refused(listener):
    taken = listener.getsockname()[1]

    with pytest.raises(NoPort), reserved(HERE, taken, try_next=False):
        pass


def test_two_that_are_about_to_serve_do_not_get_the_same(listener):
    port = free_port()
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(port)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        first = int(other.stdout.readline())
        with reserved(HERE, port, try_next=True) as second:
            assert first != second
        other.communicate()

    with reserved(HERE, port, try_next=True) as third:
        assert third == first

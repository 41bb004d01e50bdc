"""`lapor run`: refuses what is unsafe, serves what is not, and keeps it."""

import tempfile
from pathlib import Path

import pytest
from serving_city import Serving, all_gone, eventually, free_port, get

from lapor_web.city_folder import mark_as_demo
from lapor_web.commands.run import unsafe_settings

SECRET = "a secret for tests only, long enough"
SAFE = {
    "SECRET_KEY": SECRET,
    "LAPOR_BASE_URL": "https://lapor.contoh.go.id",
    "LAPOR_DATA_DIR": "/var/lib/lapor",
}


def test_safe_settings_are_safe():
    assert list(unsafe_settings(SAFE)) == []
    assert list(unsafe_settings(SAFE | {"LAPOR_BASE_URL": "http://localhost:8000"})) == []


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"SECRET_KEY": "abc" * 20}, "SECRET_KEY"),
        ({"LAPOR_BASE_URL": ""}, "LAPOR_BASE_URL"),
        ({"LAPOR_BASE_URL": "http://lapor.contoh.go.id"}, "LAPOR_BASE_URL"),
        ({"LAPOR_BASE_URL": "http://localhost.contoh.go.id"}, "LAPOR_BASE_URL"),
        ({"LAPOR_BASE_URL": "lapor.contoh.go.id"}, "LAPOR_BASE_URL"),
        ({"LAPOR_DEMO_PASSWORD": "demo"}, "LAPOR_DEMO_PASSWORD"),
        ({"LAPOR_DATA_DIR": "", "LAPOR_STORAGE": "s3://lampiran"}, "DATABASE_URL"),
        ({"LAPOR_DATA_DIR": "", "DATABASE_URL": "postgresql:///lapor"}, "LAPOR_STORAGE"),
    ],
)
def test_s41_each_unsafe_setting_is_named(changed, named):
    problems = list(unsafe_settings(SAFE | changed))

    assert len(problems) == 1
    assert named in problems[0]


def test_s41_a_demo_city_is_never_served_in_earnest(tmp_path):
    mark_as_demo(tmp_path)

    [problem] = unsafe_settings(SAFE | {"LAPOR_DATA_DIR": str(tmp_path)})

    assert "kota percobaan" in problem


@pytest.fixture
def serving():
    started = []

    def start(*arguments: str, **environ: str) -> Serving:
        started.append(Serving("run", *arguments, **environ))
        return started[-1]

    yield start
    for one in started:
        one.close()


def test_unsafe_it_does_not_start(serving):
    service = serving(SECRET_KEY="short")

    assert service.process.wait(60) == 1
    service.wait_for("LAPOR_BASE_URL")
    for name in ("SECRET_KEY", "LAPOR_DATA_DIR"):
        assert name in service.said
    assert "Traceback" not in service.said


def test_it_serves_until_ctrl_c_and_keeps_its_data(serving):
    with tempfile.TemporaryDirectory(prefix="lapor-test-") as parent:
        Path(parent).chmod(0o711)
        port = free_port()
        settings = {
            "SECRET_KEY": SECRET,
            "LAPOR_BASE_URL": f"http://localhost:{port}",
            "LAPOR_DATA_DIR": f"{parent}/kota",
        }
        service = serving("--port", str(port), **settings)
        service.wait_for("Layanan siap")
        assert get(f"http://127.0.0.1:{port}/sehat")[0] == 200

        in_the_way = serving("--port", str(port), **settings)
        assert in_the_way.process.wait(60) == 1
        in_the_way.wait_for(f"Porta {port} sudah dipakai")

        children = service.children()
        assert service.interrupt() == 0
        eventually(lambda: all_gone(children))
        assert (Path(parent) / "kota" / "cluster").is_dir()


def test_a_named_database_is_used(serving, empty_database):
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="lapor-test-") as storage:
        service = serving(
            "--port",
            str(port),
            SECRET_KEY=SECRET,
            LAPOR_BASE_URL=f"http://localhost:{port}",
            LAPOR_STORAGE=storage,
            DATABASE_URL=empty_database("served_city"),
        )
        service.wait_for("Layanan siap")

        assert get(f"http://127.0.0.1:{port}/sehat")[0] == 200
        assert service.interrupt() == 0

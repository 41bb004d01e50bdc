"""What CI does not run, since it takes minutes and a quiet machine, can at least still be started."""

import importlib
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
BY_HAND = ("benchmark", "faults", "walls", "year")
STARTED_BY_THEM = {"tests.benchmark.control", "tests.year.worker_by_another_clock"}
"""In processes of their own, with settings."""
MODULES = sorted(
    ".".join(path.relative_to(TESTS.parent).with_suffix("").parts)
    for package in BY_HAND
    for path in (TESTS / package).glob("*.py")
    if path.name != "__init__.py"
)


@pytest.fixture(autouse=True)
def from_the_checkout(monkeypatch):
    monkeypatch.syspath_prepend(TESTS.parent)


@pytest.mark.parametrize("module", [one for one in MODULES if one not in STARTED_BY_THEM])
def test_it_finds_all_that_it_asks_for(module):
    importlib.import_module(module)

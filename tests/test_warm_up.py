"""What a process makes once is made, and left alone, when it has warmed up."""

import gc
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from flask import Flask

from lapor_web import create_app, warm_up


@pytest.fixture
def cold(app, monkeypatch) -> Iterator[Flask]:
    monkeypatch.setattr(warm_up, "BREATH", 0)
    # What other tests left to be collected is not for these to find.
    left_alone = SimpleNamespace(collect=lambda: None, freeze=gc.freeze)
    monkeypatch.setattr(warm_up, "gc", left_alone)
    yield create_app(dict(app.config))
    gc.unfreeze()


def test_no_template_is_compiled_while_somebody_waits(cold):
    warm_up.warm_up(cold)
    kept = {name for _, name in cold.jinja_env.cache}

    assert set(cold.jinja_env.list_templates()) == kept


def test_the_collector_walks_through_it_no_more(cold):
    warm_up.warm_up(cold)

    assert not any(one is cold for one in gc.get_objects())

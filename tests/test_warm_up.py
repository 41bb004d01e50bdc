"""Whatever a page is made of is compiled when a process has warmed up."""

from lapor_web import create_app, warm_up


def test_no_template_is_compiled_while_somebody_waits(app, monkeypatch):
    cold = create_app(dict(app.config))
    monkeypatch.setattr(warm_up, "BREATH", 0)

    warm_up.warm_up(cold)
    kept = {name for _, name in cold.jinja_env.cache}

    assert set(cold.jinja_env.list_templates()) == kept

"""Lapor Samarinda: the city's working layer around SP4N-LAPOR!."""

from collections.abc import Mapping
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from lapor_web import (
    attachments_view,
    body_size,
    city,
    city_news,
    csrf,
    dates,
    disk_space,
    errors,
    fragments,
    gateways,
    health,
    hosts,
    kept_addresses,
    live,
    logs,
    long_jobs_view,
    metrics,
    no_transaction,
    numerals,
    post_office,
    quiet_ends,
    redirects,
    security,
    session_cookie,
    sign_in,
    static_files,
    stylesheet,
    template_globals,
    webhooks,
)
from lapor_web.account import bp as account
from lapor_web.config import read_config
from lapor_web.coordination.breakdowns import bp as breakdowns
from lapor_web.coordination.configuration import bp as configuration
from lapor_web.coordination.foreign_recaps import bp as foreign_recaps
from lapor_web.coordination.handouts import bp as handouts
from lapor_web.coordination.rakor_remote import bp as rakor
from lapor_web.coordination.system import bp as system
from lapor_web.coordination.views import bp as coordination
from lapor_web.coordination.wall import bp as wall
from lapor_web.extensions import db, migrate
from lapor_web.inbox import bp as inbox
from lapor_web.public.views import bp as public
from lapor_web.resources import resource
from lapor_web.site import Site

PARTS = (
    *(
        template_globals,
        # Last of all: whoever comes after an answer in this order comes before it here.
        quiet_ends,
        logs,
        metrics,
        city,
        security,
        errors,
        hosts,
        body_size,
        disk_space,
        no_transaction,
        kept_addresses,
        stylesheet,
        static_files,
    ),
    *(session_cookie, redirects),
    *(fragments, csrf, sign_in, dates, numerals, live, city_news, gateways, post_office),
)


ENGINE = {
    # The values of a statement may be a reporter's words; they stay out of every error and log.
    "hide_parameters": True,
    # A connection knows its plans: the one used last is used next, and none is closed after a rush.
    "pool_size": 15,
    "max_overflow": 0,
    "pool_use_lifo": True,
}


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """The application; `config` stands for the environment's settings, in tests."""
    app = Site(
        __name__,
        template_folder=str(resource("templates")),
        static_folder=str(resource("static")),
    )
    app.config.from_mapping(read_config() if config is None else config)
    app.config.setdefault("SQLALCHEMY_ENGINE_OPTIONS", ENGINE)
    db.init_app(app)
    migrate.init_app(app, db, directory=str(resource("migrations")))
    if proxies := app.config.get("LAPOR_PROXIES"):
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies)  # type: ignore[method-assign]
    for part in PARTS:
        part.init_app(app)
    for blueprint in (
        public,
        coordination,
        configuration,
        handouts,
        breakdowns,
        foreign_recaps,
        system,
        rakor,
        wall,
        inbox,
        account,
        attachments_view.bp,
        webhooks.bp,
        long_jobs_view.bp,
        health.bp,
        metrics.bp,
    ):
        app.register_blueprint(blueprint)
    return app

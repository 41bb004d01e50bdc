"""The routes of citizens' pages, which stand in `bp` once their modules are imported."""

from lapor_web.public import (
    feed,
    home,
    link,
    lost_code,
    map,
    published,
    robots,
    statistics,
    submit,
    track,
    uploads,
)
from lapor_web.public.blueprint import bp

__all__ = [
    "bp",
    "feed",
    "home",
    "link",
    "lost_code",
    "map",
    "published",
    "robots",
    "statistics",
    "submit",
    "track",
    "uploads",
]

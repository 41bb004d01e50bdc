"""The inbox: one set of screens for every officer, from the Diskominfo queue to the Ombudsman."""

from lapor_web.inbox import (
    acting,
    audit,
    bulk,
    bundle,
    canned,
    checklist,
    duplicates,
    entry,
    export,
    few_searches,
    field_copy,
    live_list,
    parked,
    recent,
    reporter_search,
    saved_views,
    sp4n_list,
    views,
)
from lapor_web.inbox.blueprint import bp

# The modules are named for their routes, which stand in `bp` once they are imported.
__all__ = [
    "acting",
    "audit",
    "bp",
    "bulk",
    "bundle",
    "canned",
    "checklist",
    "duplicates",
    "entry",
    "export",
    "few_searches",
    "field_copy",
    "live_list",
    "parked",
    "recent",
    "reporter_search",
    "saved_views",
    "sp4n_list",
    "views",
]

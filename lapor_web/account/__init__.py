"""Officers' own: signing in and out, the link that sets a password, settings."""

from lapor_web.account import absence, codes, invitation, second_factor, settings, staying, views
from lapor_web.account.blueprint import bp

# The modules are named for their routes, which stand in `bp` once they are imported.
__all__ = [
    "absence",
    "bp",
    "codes",
    "invitation",
    "second_factor",
    "settings",
    "staying",
    "views",
]

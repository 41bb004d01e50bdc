"""The city's own rules and names, kept by the coordinator on screen; a module a page."""

from lapor_web.coordination.configuration import (  # noqa: F401  their views
    areas,
    calendar,
    categories,
    history,
    limits,
    merging,
    officers,
    offices,
    reasons,
    this_city,
)
from lapor_web.coordination.configuration.blueprint import bp

__all__ = ["bp"]

"""Opera Mini as ux.md 9 imitates it: no script, and a stylesheet without half of its words."""

import re

from playwright.sync_api import Route

NOT_UNDERSTOOD = re.compile(
    r"[a-z-]+:[^;{}]*(?:var\(|calc\(|gradient|\bgrid\b|sticky|\bfixed\b)[^;{}]*"
    r"|(?:border-radius|box-shadow|transform|grid[a-z-]*|animation[a-z-]*):[^;{}]*"
)


def as_opera_mini(route: Route) -> None:
    """For `page.route("**/*", …)`."""
    if route.request.resource_type not in {"document", "stylesheet"}:
        route.abort() if route.request.resource_type == "script" else route.continue_()
        return
    answer = route.fetch()  # where it redirects to: no route is asked for that again
    text = answer.text().replace('type="tel"', 'type="text"')
    text = re.sub(r"@media[^{]*\(prefers[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", "", text)
    route.fulfill(response=answer, body=NOT_UNDERSTOOD.sub("", text))

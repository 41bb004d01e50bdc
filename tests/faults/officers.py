"""An officer of a city that is about to be broken: made by the command, let in by its link, signed in."""

from .city import City
from .phones import Answer, Client, hidden_in
from .readers import must
from .restored import lapor

PASSWORD = "kuda laut biru besar"
"""Of a city that lives for minutes."""


def new_officer(one: City, username: str, role: str = "coordinator") -> Client:
    """Their browser. In this city every browser says where it is."""
    said = lapor(one, "user", "add", username, "--role", role)
    [link] = [line for line in said.splitlines() if "/undangan/" in line]
    browser = Client(one.address, 30, place="10.9.9.9")
    must(browser.ask(link.removeprefix(one.address)), 303)
    form = hidden_in(must(browser.ask("/undangan"), 200).body, "/undangan")
    must(browser.send("/undangan", form | {"password": PASSWORD, "again": PASSWORD}), 303)
    must(sign_in(browser, username), 303)
    return browser


def sign_in(browser: Client, username: str, password: str = PASSWORD) -> Answer:
    form = hidden_in(must(browser.ask("/masuk"), 200).body, "/masuk")
    return browser.send("/masuk", form | {"username": username, "password": password})

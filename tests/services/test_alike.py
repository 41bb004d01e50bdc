"""How alike two reports are, by their words about the matter."""

from lapor_web.services import alike
from lapor_web.services.alike import LONGEST

HOLE = "lubang besar di aspal, motor jatuh"


def test_of_a_long_story_its_beginning_counts(monkeypatch):
    looked_at = []
    bare = alike._bare
    monkeypatch.setattr(alike, "_bare", lambda word: looked_at.append(word) or bare(word))
    names = [f"{a}{b}xyz" for a in "abcdefghijklmnopqrst" for b in "abcdefghijklmnopqrst"]
    score = alike.alike(f"{HOLE} {' '.join(names)}", "gang tujuh", HOLE, "gang tujuh")

    assert score == 100
    assert len(looked_at) <= 2 * LONGEST

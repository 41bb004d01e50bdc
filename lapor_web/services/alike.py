"""How much of what two people tell is the same: words about the matter, as near as people spell."""

import re

from rapidfuzz import fuzz, process


def _words_of(text: str) -> frozenset[str]:
    return frozenset(text.split())


_NO_PLACE = _words_of("""
jalan jln gang depan dekat samping belakang seberang simpang sebelah sekitar arah ujung perempatan
pertigaan komplek kompleks perumahan perum blok nomor kelurahan kecamatan kota samarinda indonesia
kalimantan timur masuk antara sampai pasar masjid sekolah kantor
""")
"""Words of half the city's places."""
_NO_MATTER = _words_of("""
yang dan dari ini itu ada tidak sudah belum dengan untuk pada juga saya kami kita bapak ibu pak
mohon tolong agar segera karena sangat sekali lagi kalau bila jika akan bisa dapat sampai sejak
hari minggu bulan tahun kemarin orang warga depan dekat jalan oleh atau lebih masih hanya saat
dalam adalah terima kasih assalamualaikum selamat pagi siang sore
""")
"""Words of every letter to an office."""
LONGEST = 60
"""Words of a text that are compared, its first."""
SPELT_ALIKE = 84
"""Of 100, for two words."""


def alike(story: str, place: str, other: str, other_place: str) -> int:
    """0 to 100: how many of the shorter text's words about the matter the other one has, as
    near as people spell. The names of the two places say nothing here: they were asked before."""
    places = {*place_words(place), *place_words(other_place)}
    mine, theirs = _matters(story, places), _matters(other, places)
    if not mine or not theirs:
        return 0
    shared = sum(
        process.extractOne(word, theirs, scorer=fuzz.ratio, score_cutoff=SPELT_ALIKE) is not None
        for word in mine
    )
    return round(100 * shared / min(len(mine), len(theirs)))


def matter_words(story: str, place: str) -> list[str]:
    """What it is about, without its place, as near as people spell: bare of prefix and suffix."""
    return _matters(story, {*place_words(place)})


def _matters(text: str, without: set[str]) -> list[str]:
    """The first few: of a long story no more is read than its beginning."""
    found: dict[str, None] = {}
    for word in re.finditer(r"[a-z]{3,}", text.lower()):
        if word[0] not in without and word[0] not in _NO_MATTER:
            found[_bare(word[0])] = None
        if len(found) == LONGEST:
            break
    return list(found)


def _bare(word: str) -> str:
    """Without the commonest prefixes and suffixes: "ditambalnya" is about "tambal"."""
    if len(word) > 5:
        word = re.sub(r"(nya|kan|an|i)$", "", word)
    return re.sub(r"^(meng|mem|men|ber|ter|me|di|pe|se)", "", word) if len(word) > 6 else word


def place_words(place: str) -> list[str]:
    """What tells this place from others, the longest first."""
    words = dict.fromkeys(re.findall(r"[a-z]{3,}", place.lower()))
    return sorted((word for word in words if word not in _NO_PLACE), key=len, reverse=True)[:6]

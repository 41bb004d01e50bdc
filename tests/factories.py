"""Objects for tests, with only what the test is about to be named."""

from lapor_web.models import Agency

PASSWORD = "kuda laut biru besar"


def make_agency(**fields: object) -> Agency:
    usual = {
        "code": "KOTA",
        "name": "Pemerintah Kota",
        "service_name": "Lapor Kota",
        "number_prefix": "KTA",
        "timezone": "Asia/Makassar",
    }
    return Agency(**usual | fields)

"""Whether a first answer says anything: a rule that anybody can check by hand.

A pace can be had for nothing by thanking quickly. So of the words of a first answer those are left
out that stand in any answer to anything: greetings and thanks, forms of address, and the formula that
the report was received, passed on, coordinated, or will be followed up (`FORMULA`). It says nothing where
fewer than the city's `answer_words` of its own remain, and it names neither a number nor a time. A day, a date
or a quantity is something that its reader can hold the office to, however short the answer is.

The rule is our choice. It counts for figures only: no answer is refused, nor is any officer told.
"""

import re

_GREETING = """
    assalamualaikum wassalamualaikum wr wb salam selamat pagi siang sore malam halo yth kepada
    bapak ibu bpk sdr saudara saudari kakak kak min pelapor warga masyarakat samarinda anda kami kita saya
    terima terimakasih kasih matur nuwun hormat mohon maaf permohonan ketidaknyamanan ketidaknyamanannya
    harap sabar bersabar kesabaran kesabarannya perhatian perhatiannya pengertian kerja sama kerjasama
    kepedulian partisipasi partisipasinya demikian sekian
"""
_FORMULA = """
    laporan laporannya pengaduan pengaduannya aduan aduannya keluhan informasi informasinya masukan
    masukannya saran pertanyaan pesan disampaikan menyampaikan sampaikan diterima menerima dicatat catat
    mencatat diteruskan teruskan meneruskan diserahkan ditindaklanjuti tindaklanjuti menindaklanjuti tindak
    lanjut lanjuti lanjutnya dikoordinasikan koordinasikan berkoordinasi koordinasi diproses proses memproses
    ditangani menangani tangani dicek cek mengecek ditinjau tinjau diperiksa periksa memeriksa memeriksanya
    diselesaikan menunggu tunggu ditunggu mengabari kabari kabar mengabarkan perkembangan
    perkembangannya hasil hasilnya petugas tim bidang bagian instansi dinas opd unit pihak terkait berwenang
    bersangkutan lapangan
"""
_SMALL = """
    di ke dari pada dalam atas untuk dengan oleh dan atau serta yang ini itu tersebut adalah bahwa agar akan
    sudah telah sedang masih belum segera nanti lagi kembali dulu dahulu terlebih lebih begitu ada bila jika
    secepatnya sesegera mungkin waktu dekat apabila juga para secara sebagai tidak iya ya baik oke ok siap noted semua semoga
"""
FORMULA = frozenset(f"{_GREETING} {_FORMULA} {_SMALL}".split())
"""Words that fit any report, so that none of them answers one."""

_TIMES = """
    senin selasa rabu kamis jumat sabtu minggu besok lusa hari pekan bulan tahun jam pukul
    januari februari maret april mei juni juli agustus september oktober november desember
"""
TIMES = frozenset(_TIMES.split())

_WORD = re.compile(r"[^\W_]+")


def says_nothing(text: str, fewest: int) -> bool:
    """`fewest` words of its own are needed."""
    words = _WORD.findall(text.casefold())
    if any(word in TIMES or word.isdigit() for word in words):
        return False
    return len({word for word in words if word not in FORMULA}) < fewest

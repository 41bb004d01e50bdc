"""What the figures of a handout mean: under its tables, and on the last sheet of a workbook (domain.md, Indicators)."""

SHORT = (
    "Diterima = selesai + proses + belum ditindaklanjuti, menurut tanggal diterima (WITA).",
    "Penyelesaian = selesai ÷ diterima.",
)
"""Of a table that has no more than these."""

FULL = (
    *SHORT,
    "Laju = rata-rata hari kerja dari disposisi sampai tindak lanjut pertama yang dapat dibaca pelapor, tanpa masa"
    " ditunda: untuk kota sejak disposisi pertama, untuk perangkat daerah selama masa pegangnya sendiri.",
    "Tepat waktu = tindak lanjut pertama dalam batas ÷ (yang sudah ditindaklanjuti + yang lewat batas tanpa tindak"
    " lanjut).",
    "Salah disposisi = yang dikembalikan perangkat daerah.",
    "Tanda –, dan di berkas Excel sel kosong, berarti tidak diketahui.",
    "Urutan tabel bukan peringkat.",
)

OF_REPORTS = (
    "Laporan rahasia hanya disebut nomornya; laporan tentang perilaku petugas tidak dimuat.",
    "Lewat = hari kerja sejak tenggat.",
)
"""Of lists of reports."""

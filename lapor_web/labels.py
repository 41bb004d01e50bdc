"""The Indonesian words for what the code calls in English."""

from lapor_web.models import (
    ArchiveReason,
    Channel,
    Classification,
    Kind,
    Outcome,
    Role,
    Status,
)

STATUS = {
    Status.UNVERIFIED: "Belum terverifikasi",
    Status.ON_HOLD: "Ditunda",
    Status.FORWARDED: "Belum ditindaklanjuti",
    Status.IN_PROCESS: "Proses",
    Status.AWAITING_APPROVAL: "Menunggu persetujuan atasan",
    Status.AWAITING_REPORTER: "Masa tanggapan",
    Status.FINISHED: "Selesai",
    Status.OUTSIDE_AUTHORITY: "Bukan kewenangan",
    Status.ARCHIVED: "Diarsipkan",
    Status.MERGED: "Digabung",
}

CLASSIFICATION = {
    Classification.SUPERVISORY: "Pengaduan berkadar pengawasan",
    Classification.NON_SUPERVISORY: "Pengaduan tidak berkadar pengawasan",
    Classification.INFORMATION_REQUEST: "Permintaan informasi",
    Classification.ASPIRATION: "Aspirasi",
}

CHANNEL = {
    Channel.WEB: "Web",
    Channel.COUNTER: "Datang langsung",
    Channel.PHONE: "Telepon",
    Channel.WHATSAPP: "WhatsApp",
    Channel.SMS: "SMS 1708",
    Channel.EMAIL: "Surel",
    Channel.LETTER: "Surat",
    Channel.SOCIAL_MEDIA: "Media sosial",
    Channel.CALL_CENTER: "Call Center 112",
    Channel.SP4N: "SP4N-LAPOR!",
    Channel.OTHER_APP: "Aplikasi lain",
}

OUTCOME = {
    Outcome.FULLY_HANDLED: "Ditangani penuh",
    Outcome.PARTLY_HANDLED: "Ditangani sebagian",
    Outcome.EXPLAINED: "Dijelaskan",
    Outcome.SCHEDULED: "Dijadwalkan",
    Outcome.CANNOT_BE_HANDLED: "Tidak dapat ditangani",
}

ARCHIVE_REASON = {
    ArchiveReason.UNCLEAR: "Masukan terlalu umum atau tidak jelas",
    ArchiveReason.NOT_RELEVANT: "Tidak relevan dengan kinerja pemerintah",
    ArchiveReason.DUPLICATE: "Duplikat",
    ArchiveReason.ABUSIVE: "SARA, fitnah, atau kata kasar",
    ArchiveReason.NOT_COMPLETED: "Data tidak dilengkapi sampai batas waktu",
    ArchiveReason.IN_COURT: "Dalam proses peradilan",
    ArchiveReason.TEST_OR_SPAM: "Uji coba atau spam",
    ArchiveReason.WITHDRAWN: "Ditarik pelapor",
}

ROLE = {
    Role.REPORTER: "Pelapor",
    Role.INTAKE: "Petugas Input",
    Role.COORDINATOR: "Admin Koordinator",
    Role.LIAISON: "Pejabat Penghubung",
    Role.SUPERVISOR: "Atasan OPD",
    Role.INSPECTOR: "Inspektorat",
    Role.LEADER: "Pimpinan",
    Role.OMBUDSMAN: "Ombudsman RI",
    Role.EVALUATOR: "Evaluator",
    Role.NATIONAL_ADMIN: "Admin Nasional",
    Role.SYSTEM: "Sistem",
}

KIND = {
    Kind.COMPLAINT: "Pengaduan",
    Kind.ASPIRATION: "Aspirasi",
    Kind.INFORMATION: "Permintaan informasi",
}

REFUSAL = {
    "missing": "Isi bagian ini dulu",
    "unknown_opd": "Pilih OPD yang ada di daftar",
    "only_inspectorate": "Laporan tentang perilaku petugas hanya diteruskan ke Inspektorat",
    "accused_user": "Petugas ini yang dilaporkan. Pilih petugas lain",
    "held_accused_user": "Petugas ini sedang mengerjakan laporan. Tugaskan dulu ke petugas lain",
    "mentioned_outside": "Rekan yang Anda sebut tidak dapat membaca laporan ini. Hapus tanda @ di namanya",
    "split_once": "Laporan ini sudah hasil pemisahan dan tidak dapat dipisah lagi",
    "placeholder": "Ganti dulu semua yang ada di dalam kurung siku, misalnya [tanggal]",
    "accused": "OPD ini yang dilaporkan. Pilih OPD lain",
    "held_only_inspectorate": "Alihkan dulu laporan ini ke Inspektorat, lalu beri tanda perilaku",
    "held_accused": "OPD ini sedang memegang laporan. Alihkan dulu, lalu catat sebagai terlapor",
    "held_unknown_opd": "OPD pemegang laporan sudah tidak aktif. Alihkan dulu",
    "same_opd": "Laporan sudah ada di OPD ini. Pilih OPD lain",
    "same_report": "Pilih laporan lain sebagai induk",
    "one_level": "Laporan induk atau laporan ini sudah bagian dari gabungan lain",
    "other_accused": "Laporan ini menyebut terlapor. Catat dulu terlapor yang sama di laporan induk, atau biarkan terpisah",
    "conduct_stays_apart": "Laporan tentang perilaku petugas tidak digabung ke laporan biasa",
    "hidden_parent": "Laporan ini tidak dapat digabung ke laporan yang disembunyikan",
    "no_day": "Pilih tanggalnya",
    "no_person": "Tulis siapa penanggung jawabnya",
    "no_holder": "Belum ada OPD yang memegang laporan ini",
    "about_service_stays": "Laporan tentang pengelola layanan ini tetap di Inspektorat",
    "not_of_this_office": "Pilih petugas atau unit dari OPD pemegang laporan",
    "asked_before": "Tambahan waktu hanya dapat diminta satu kali",
    "in_the_past": "Pilih tanggal hari ini atau sesudahnya",
    "nothing_asked": "Tidak ada permintaan waktu yang menunggu keputusan",
    "objected_before": "Keberatan hanya dapat diajukan satu kali",
    "rated_before": "Laporan ini sudah Anda nilai",
    "out_of_range": "Pilih nilai 1 sampai 5",
    "too_late_to_reopen": "Laporan dapat dibuka kembali satu kali, paling lama 30 hari",
    "too_content_to_reopen": "Untuk membuka kembali, pilih nilai 1 atau 2 dan tulis alasannya",
    "why_redacted": "Tulis mengapa isi yang sudah tampil ke umum diubah",
    "settled_before": "Pesan ini sudah diurus rekan Anda",
    "erased": "Pelapor menghapus datanya. Pesan ini hanya dapat dilepas",
    "officers_own": "Alamat petugas diganti petugas itu sendiri, di Pengaturan",
    "too_late_to_undo": "Tindakan ini sudah tidak dapat diurungkan",
}
"""Why a deed was refused, by the code of `services.deeds.DeedRefused`."""

NUMBER = {
    "masuk": "Semua yang masuk",
    "diterima": "Diterima",
    "diterima-luas": "Diterima, termasuk ditunda dan diarsipkan",
    "selesai": "Selesai",
    "proses": "Proses",
    "belum": "Belum ditindaklanjuti",
    "ditindaklanjuti": "Sudah ditindaklanjuti",
    "belum-terverifikasi": "Belum terverifikasi",
    "ditunda": "Ditunda",
    "diarsipkan": "Diarsipkan",
    "bukan-kewenangan": "Bukan kewenangan",
    "digabung": "Digabung",
    "terdisposisi": "Terdisposisi",
    "penyelesaian": "Waktu penyelesaian diketahui",
    "dikonfirmasi": "Selesai dikonfirmasi pelapor",
    "otomatis": "Selesai otomatis",
    "oleh-admin": "Ditutup admin",
    "dengan-bukti": "Selesai dengan bukti",
    "dibuka-kembali": "Dibuka kembali",
    "dinilai": "Dinilai pelapor",
    "laju": "Laju tindak lanjut diketahui",
    "laju-berjalan": "Laju termasuk yang belum",
    "menunggu": "Menunggu tindak lanjut pertama",
    "tepat-waktu": "Tindak lanjut tepat waktu",
    "terlambat": "Tindak lanjut terlambat",
    "salah-disposisi": "Salah disposisi",
    "jawaban-belum-berisi": "Jawaban pertama yang belum berisi",
    "berpindah": "Dikembalikan atau dialihkan",
    "berpindah-satu-kali": "Dikembalikan atau dialihkan satu kali",
    "berpindah-dua-kali": "Dikembalikan atau dialihkan dua kali",
    "berpindah-lebih-sering": "Dikembalikan atau dialihkan tiga kali atau lebih",
}
"""What a number of a recap counts, by its name in the address (`services.behind.ALL_NUMBERS`)."""

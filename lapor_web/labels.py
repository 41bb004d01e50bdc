"""The Indonesian words for what the code calls in English."""

from lapor_web.models import ArchiveReason, Channel, Classification, Outcome, Role, Status

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

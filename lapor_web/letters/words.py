"""The words of every message (ux.md 7.3). `sms` has at most 160 letters with its link; what may be
long in it, {words}, is cut to the room that is left."""

from dataclasses import dataclass

from lapor_web.models import MessageKind


@dataclass(frozen=True, slots=True)
class Words:
    sms: str
    subject: str
    """Of an e-mail. No title of a report ever stands in one."""
    lead: str
    """The first sentences of an e-mail."""
    button: str = "Buka laporan Anda"
    template: str = ""
    """For gateways whose texts are agreed upon beforehand: told apart where a kind has several."""


K = MessageKind

NEUTRAL = Words(
    sms="{service}: ada kabar tentang laporan Anda. Buka: {link}",
    subject="Kabar tentang laporan Anda",
    lead="Ada kabar tentang laporan Anda. Isinya hanya ada di halaman laporan Anda.",
    template="neutral",
)
"""Of a report that is rahasia or about somebody's conduct, whatever the news is."""

TO_REPORTER = {
    K.RECEIVED: Words(
        sms="{service}: laporan {number} kami terima dan diperiksa paling lambat {due}."
        " Pantau: {link}",
        subject="Laporan {number} kami terima",
        lead="Laporan {number} kami terima dan diperiksa paling lambat {due}.",
        button="Pantau laporan Anda",
    ),
    K.FORWARDED: Words(
        sms="Laporan {number} diteruskan ke {office}. Jawaban paling lambat {due}. {link}",
        subject="Laporan {number} diteruskan ke {office}",
        lead="Laporan {number} diteruskan ke {office}. Jawaban paling lambat {due}.",
    ),
    K.ANSWERED: Words(
        sms="{office} menjawab laporan {number}: {words}. Baca lengkap: {link}",
        subject="{office} menjawab laporan {number}",
        lead="{office} menjawab laporan {number}:",
        button="Balas atau baca di halaman laporan",
    ),
    K.NEEDS_COMPLETION: Words(
        sms="Laporan {number} perlu keterangan: {words}? Balas SMS ini atau buka {link}",
        subject="Laporan {number} perlu keterangan Anda",
        lead="Laporan {number} perlu keterangan Anda:",
        button="Beri keterangan",
    ),
    K.OVERDUE: Words(
        sms="Laporan {number} lewat tenggat. Hari ini kami mengingatkan {office} dan atasannya."
        " {link}",
        subject="Laporan {number} lewat tenggat",
        lead="Laporan {number} lewat tenggat. Hari ini kami mengingatkan {office} dan atasannya.",
    ),
    K.COMPLETION_PROPOSED: Words(
        sms="{office} menyatakan laporan {number} selesai. Balas 1 bila beres, 2 bila belum. {link}",
        subject="{office} menyatakan laporan {number} selesai",
        lead="{office} menyatakan laporan {number} selesai:",
        button="Jawab: sudah beres atau belum",
    ),
    K.FINISHED: Words(
        sms="Laporan {number} selesai. Terima kasih. Beri nilai untuk {office}: {link}",
        subject="Laporan {number} selesai",
        lead="Laporan {number} selesai. Terima kasih sudah melapor. Nilai Anda membantu {office}.",
        button="Beri nilai",
    ),
    K.REOPENED: Words(
        sms="Laporan {number} dibuka kembali dan dikerjakan lagi. {link}",
        subject="Laporan {number} dibuka kembali",
        lead="Laporan {number} dibuka kembali dan dikerjakan lagi.",
    ),
    K.OUTSIDE_AUTHORITY: Words(
        sms="Laporan {number} bukan wewenang Pemkot, melainkan {belongs_to}."
        " Cara melapor ke sana: {link}",
        subject="Laporan {number} bukan wewenang Pemkot",
        lead="Laporan {number} bukan wewenang Pemkot, melainkan {belongs_to}.",
        button="Baca cara melapor ke sana",
    ),
    K.ARCHIVED: Words(
        sms="Laporan {number} ditutup: {reason}. Keberatan satu kali: {link}",
        subject="Laporan {number} ditutup",
        lead="Laporan {number} ditutup: {reason}. Anda dapat mengajukan keberatan satu kali.",
        button="Baca alasan atau ajukan keberatan",
    ),
    K.MERGED: Words(
        sms="Laporan {number} digabung dengan {parent} karena tempatnya sama."
        " Kabar tetap Anda terima. {link}",
        subject="Laporan {number} digabung dengan {parent}",
        lead="Laporan {number} digabung dengan {parent} karena tempatnya sama."
        " Kabar tetap Anda terima.",
    ),
    K.SPLIT: Words(
        sms="Laporan {number} memuat dua hal. Hal kedua bernomor {parent}, kodenya sama. {link}",
        subject="Laporan {number} ditangani sebagai dua laporan",
        lead="Laporan {number} memuat dua hal. Hal kedua kami tangani sendiri dengan nomor {parent}."
        " Kode lacak Anda berlaku untuk keduanya.",
    ),
    K.MAY_CONSENT: Words(
        sms="Laporan {number} lama lewat tenggat. Anda dapat meminta bantuan Ombudsman: {link}",
        subject="Laporan {number} lama lewat tenggat",
        lead="Laporan {number} lama lewat tenggat. Anda dapat meminta bantuan Ombudsman. "
        "Ombudsman membaca laporan Anda hanya bila Anda setuju.",
        button="Baca dan putuskan",
    ),
    K.LINK: Words(
        sms="{service}: tautan yang Anda minta: {link} Bukan Anda? Abaikan pesan ini.",
        subject="Tautan ke laporan Anda",
        lead="Ini tautan yang Anda minta. Bila bukan Anda yang meminta, abaikan surel ini.",
    ),
}

RECEIVED_LATER = Words(
    sms="{service}: laporan {number} kami terima. Pantau: {link}",
    subject="Laporan {number} kami terima",
    lead="Laporan {number} kami terima.",
    button="Pantau laporan Anda",
    template="received_later",
)
"""Where it was verified before the message could leave."""

FORWARDED_LATER = Words(
    sms="Laporan {number} diteruskan ke {office}. {link}",
    subject="Laporan {number} diteruskan ke {office}",
    lead="Laporan {number} diteruskan ke {office}.",
    template="forwarded_later",
)

FINISHED_BY_SILENCE = Words(
    sms="Laporan {number} dianggap selesai karena {days} hari kerja tanpa tanggapan."
    " Belum beres? Buka lagi: {link}",
    subject="Laporan {number} dianggap selesai",
    lead="Laporan {number} dianggap selesai karena {days} hari kerja tanpa tanggapan."
    " Belum beres? Buka lagi laporan itu.",
    template="finished_by_silence",
)

WITHDRAWN = Words(
    sms="Laporan {number} ditutup karena ditarik pelapor. {link}",
    subject="Laporan {number} ditutup",
    lead="Laporan {number} ditutup karena ditarik pelapor.",
    template="withdrawn",
)

MERGED_WITH_HIDDEN = Words(
    sms="Laporan {number} digabung dengan laporan lain karena tempatnya sama."
    " Kabar tetap Anda terima. {link}",
    subject="Laporan {number} digabung",
    lead="Laporan {number} digabung dengan laporan lain karena tempatnya sama."
    " Kabar tetap Anda terima.",
    template="merged_with_hidden",
)

FOLLOWED = {
    K.COMPLETION_PROPOSED: Words(
        sms="{office} menyatakan pekerjaan untuk laporan {number} selesai. {link}",
        subject="{office} menyatakan laporan {number} selesai",
        lead="{office} menyatakan pekerjaan untuk laporan {number} selesai:",
        template="followed_completion_proposed",
    ),
    K.FINISHED: Words(
        sms="Laporan {number} selesai. Terima kasih sudah melapor. {link}",
        subject="Laporan {number} selesai",
        lead="Laporan {number} selesai. Terima kasih sudah melapor.",
        template="followed_finished",
    ),
}
"""Where another answers, who joined is only told."""

READ_IN_FULL = frozenset({K.ANSWERED, K.NEEDS_COMPLETION, K.COMPLETION_PROPOSED})
"""An e-mail has room for what the office wrote."""

OPEN_IT = "Buka laporan"

TO_OFFICER = {
    K.ASSIGNED: Words(
        sms="Laporan {number} ditugaskan kepada Anda. {link}",
        subject="Laporan {number} ditugaskan kepada Anda",
        lead="Laporan {number} ditugaskan kepada Anda.",
        button=OPEN_IT,
    ),
    K.DISPOSED: Words(
        sms="Laporan {number} diteruskan ke {office}. Jawab paling lambat {due}. {link}",
        subject="Laporan {number} diteruskan ke {office}",
        lead="Laporan {number} diteruskan ke {office}. Jawab paling lambat {due}.",
        button=OPEN_IT,
    ),
    K.MENTIONED: Words(
        sms="{doer} menyebut Anda dalam catatan laporan {number}. {link}",
        subject="Anda disebut dalam catatan laporan {number}",
        lead="{doer} menyebut Anda dalam catatan laporan {number}.",
        button=OPEN_IT,
    ),
    K.DUE_SOON: Words(
        sms="Laporan {number} jatuh tempo {due}. {link}",
        subject="Laporan {number} jatuh tempo {due}",
        lead="Laporan {number} jatuh tempo {due}.",
        button=OPEN_IT,
    ),
    K.DUE_TODAY: Words(
        sms="Laporan {number} jatuh tempo hari ini. {link}",
        subject="Laporan {number} jatuh tempo hari ini",
        lead="Laporan {number} jatuh tempo hari ini.",
        button=OPEN_IT,
    ),
    K.LATE: Words(
        sms="Laporan {number} lewat tenggat {due}. Atasan Anda diberi tahu. {link}",
        subject="Laporan {number} lewat tenggat",
        lead="Laporan {number} lewat tenggat {due}. Atasan Anda diberi tahu.",
        button=OPEN_IT,
    ),
    K.ESCALATED: Words(
        sms="Laporan {number} di {office} lewat tenggat {due}. {link}",
        subject="Laporan {number} di {office} lewat tenggat",
        lead="Laporan {number} di {office} lewat tenggat {due}.",
        button=OPEN_IT,
    ),
}

TO_SUBSTITUTE = {
    K.ASSIGNED: Words(
        sms="Laporan {number} ditugaskan kepada {absent}, yang Anda gantikan. {link}",
        subject="Laporan {number} ditugaskan kepada {absent}, yang Anda gantikan",
        lead="Laporan {number} ditugaskan kepada {absent}, yang Anda gantikan.",
        button=OPEN_IT,
        template="substitute_assigned",
    ),
    K.MENTIONED: Words(
        sms="{doer} menyebut {absent}, yang Anda gantikan, dalam catatan laporan {number}. {link}",
        subject="{absent} disebut dalam catatan laporan {number}",
        lead="{doer} menyebut {absent}, yang Anda gantikan, dalam catatan laporan {number}.",
        button=OPEN_IT,
        template="substitute_mentioned",
    ),
}
"""Of what names somebody absent."""

TO_OFFICER_NEUTRAL = Words(
    sms="Ada laporan yang menunggu Anda. {link}",
    subject="Ada laporan yang menunggu Anda",
    lead="Ada laporan yang menunggu Anda. Isinya hanya ada di kotak masuk.",
    button=OPEN_IT,
    template="officer_neutral",
)

DISPOSED_LATER = Words(
    sms="Laporan {number} diteruskan ke {office}. {link}",
    subject="Laporan {number} diteruskan ke {office}",
    lead="Laporan {number} diteruskan ke {office}.",
    button=OPEN_IT,
    template="disposed_later",
)

DIGEST = Words(
    sms="{words}. {link}",
    subject="Pagi ini: {words}",
    lead="Yang menunggu Anda pagi ini:",
    button="Buka kotak masuk",
    template="digest",
)

INVITATION = Words(
    sms="",  # by e-mail only
    subject="Isi kata sandi {service}",
    lead="Akun Anda di {service}: {username}. Buka tautan ini untuk mengisi kata sandi. "
    "Tautan berlaku {lifetime} dan hanya sekali.",
    button="Isi kata sandi",
)
NEW_PASSWORD = Words(
    sms="",
    subject="Kata sandi baru untuk {service}",
    lead="Seseorang meminta kata sandi baru untuk akun {username}. Bila itu Anda, buka tautan ini. "
    "Tautan berlaku {lifetime} dan hanya sekali. Bila bukan Anda, abaikan surel ini: kata sandi "
    "lama tetap berlaku.",
    button="Isi kata sandi baru",
)

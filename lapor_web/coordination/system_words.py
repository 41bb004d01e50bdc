"""What the machine does, in words for who runs it. What is not listed shows by its own name."""

QUEUE = {"default": "Umum", "long": "Ekspor dan cetak"}

WORK = {
    # asked for
    "export_list": "Membuat berkas dari daftar",
    "make_handout": "Membuat berkas rekap dan rapat",
    "count_anew": "Menghitung ulang tenggat",
    "move_reports": "Memindahkan laporan OPD yang digabung",
    "prepare_attachment": "Menyiapkan foto",
    "read_event": "Membaca pesan masuk",
    "send_answer": "Membalas pesan masuk",
    "send_link": "Mengirim tautan",
    "send_messages": "Mengirim pesan",
    # by the clock
    "act_by_the_clock": "Tenggat dan eskalasi",
    "clean_attachments": "Membersihkan lampiran",
    "empty_mailbox": "Membaca kotak surel",
    "erase_what_is_old": "Menghapus data pribadi lama",
    "fail_abandoned": "Memeriksa pekerjaan terhenti",
    "fold_figures": "Merapikan hitungan",
    "forget_done": "Membersihkan antrean",
    "forget_long_jobs": "Menghapus berkas ekspor lama",
    "forget_messages": "Membersihkan catatan pesan",
    "forget_talks": "Menghapus percakapan lama",
    "forget_tries": "Membersihkan catatan percobaan",
    "look_after_talks": "Menindaklanjuti percakapan yang terdiam",
    "mark_senders": "Mengenali pengirim laporan lama",
    "queue_digests": "Menyiapkan ringkasan pagi",
    "remove_strays": "Mencari berkas tak bertuan",
    "retry_stalled": "Melanjutkan tugas terputus",
}

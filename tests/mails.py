"""Mails as citizens and mail servers write them."""

from email.message import EmailMessage


def mail(text: str = "Lampu mati", *, html: str = "", **headers: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Budi Warga <Budi.Warga@Contoh.ID>"
    message["Subject"] = "Lampu jalan"
    message["Message-ID"] = "<satu@contoh.id>"
    if text:
        message.set_content(text)
    if html:
        (message.add_alternative if text else message.set_content)(html, subtype="html")
    for name, value in headers.items():
        del message[name.replace("_", "-")]
        message[name.replace("_", "-")] = value
    return message


def returned(action: str = "failed", status: str = "5.1.1") -> bytes:
    return (
        "From: MAILER-DAEMON@mx.contoh.id\r\nSubject: Undelivered\r\nMessage-ID: <b@mx>\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="x"\r\n\r\n'
        "--x\r\nContent-Type: text/plain\r\n\r\nTidak sampai.\r\n"
        "--x\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\n"
        f"Final-Recipient: rfc822; budi@contoh.id\r\nAction: {action}\r\nStatus: {status}\r\n\r\n"
        "--x\r\nContent-Type: text/rfc822-headers\r\n\r\nFrom: lapor@kota.id\r\n"
        "Message-ID: <kunci@lapor.id>\r\n\r\n--x--\r\n"
    ).encode()

"""A mailbox in a thread, with as much of IMAP4rev1 as is spoken to it."""

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class FakeMailbox:
    mails: dict[int, bytes] = field(default_factory=dict)
    flags: dict[int, set[str]] = field(default_factory=dict)
    cut_before: str = ""
    """The command at which the connection breaks."""
    port: int = 0

    def put(self, raw: bytes) -> int:
        uid = len(self.flags) + 1
        self.mails[uid], self.flags[uid] = raw, set()
        return uid


def handler_for(box: FakeMailbox) -> type[socketserver.StreamRequestHandler]:
    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.say(b"* OK ready")
            for line in self.rfile:
                tag, _, command = line.decode().strip().partition(" ")
                if box.cut_before and command.upper().startswith(box.cut_before):
                    return
                if not self.answer(tag, command):
                    return

        def say(self, line: bytes) -> None:
            self.wfile.write(line + b"\r\n")

        def answer(self, tag: str, command: str) -> bool:
            word = command.upper()
            if word.startswith("CAPABILITY"):
                self.say(b"* CAPABILITY IMAP4rev1")
            elif word.startswith("LOGIN") and "sandi" not in command:
                self.say(f"{tag} NO wrong".encode())
                return True
            elif word.startswith("SELECT"):
                self.say(f"* {len(box.mails)} EXISTS".encode())
            elif word.startswith("UID SEARCH"):
                new = [uid for uid in box.mails if not box.flags[uid] & {"\\Deleted", "\\Flagged"}]
                self.say(("* SEARCH " + " ".join(map(str, new))).strip().encode())
            elif found := re.match(r"UID FETCH (\d+) \((.+)\)", command, re.I):
                self.fetch(int(found[1]), found[2])
            elif found := re.match(r"UID STORE (\d+) \S+ \((.+)\)", command, re.I):
                box.flags[int(found[1])] |= set(found[2].split())
            elif word.startswith("EXPUNGE"):
                box.mails = {
                    uid: raw for uid, raw in box.mails.items() if "\\Deleted" not in box.flags[uid]
                }
            elif word.startswith("LOGOUT"):
                self.say(b"* BYE")
            self.say(f"{tag} OK done".encode())
            return not word.startswith("LOGOUT")

        def fetch(self, uid: int, what: str) -> None:
            raw = box.mails[uid]
            if what == "RFC822.SIZE":
                self.say(f"* 1 FETCH (UID {uid} RFC822.SIZE {len(raw)})".encode())
            else:
                self.wfile.write(f"* 1 FETCH (UID {uid} BODY[] {{{len(raw)}}}\r\n".encode())
                self.say(raw + b")")

    return Handler


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = allow_reuse_address = True


@contextmanager
def serving() -> Iterator[FakeMailbox]:
    box = FakeMailbox()
    server = Server(("127.0.0.1", 0), handler_for(box))
    box.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield box
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

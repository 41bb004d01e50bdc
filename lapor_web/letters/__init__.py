"""Letters, written when they leave: from what the outbox knows of, to the text of one message."""

from lapor_web.letters.to_officer import write_to_officer
from lapor_web.letters.to_reporter import write_to_reporter

__all__ = ["write_to_officer", "write_to_reporter"]

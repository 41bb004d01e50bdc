"""What the addresses of all channels have in common; they are settings, and hold secrets."""

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
"""Where nobody listens in: what is not encrypted goes nowhere else."""


class WrongUrl(Exception):
    """What a setting lacks, in a sentence for whoever sets it; without its secrets."""

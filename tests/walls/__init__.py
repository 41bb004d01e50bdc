"""Fifty walls on one city: how soon they show what happened, and how they come through a restart.

    .venv/bin/python -m tests.walls [--walls 50] [--reports 10000] [--steps 40]

Not collected by pytest: it prints figures, and what they are depends on the machine.
"""

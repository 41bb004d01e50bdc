"""How fast the everyday pages are, beside a bare application that does the same with less.

    .venv/bin/python -m tests.benchmark [--sizes 10000 100000 1000000] [--seconds 5]

Not collected by pytest: it prints figures, and what they are depends on the machine.
"""

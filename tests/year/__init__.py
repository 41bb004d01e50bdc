"""A year of a city in simulated time: `python -m tests.year` (about 15 minutes for 5,000 reports).

People act at ten in the morning of every day, by `services.deeds`. What the clock does, and every
letter, is left to real worker processes, which are killed with -9 at random and replaced. Then what
the database says happened is held against `expected`, a calculation by hand over the same plans that
shares no line with the services.
"""

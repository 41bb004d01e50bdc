"""What is broken on purpose: promises 1, 4, 5, 6, 13, 17, 18, 19 and 21, by `python -m tests.faults`.

Each starts a city of its own as a person does, breaks it while phones and readers go on, and then looks at
what is left. The quick ones run in CI, smaller (tests/commands/test_run_killed.py). All load stays on loopback.
"""

import sys
from pathlib import Path

# The tests' own helpers, which pytest finds by its `pythonpath`.
sys.path.append(str(Path(__file__).parents[1]))

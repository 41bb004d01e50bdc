"""`python -m lapor_web`, the command `lapor`: for starting it again by whoever runs it."""

import sys

from lapor_web.cli import main

if __name__ == "__main__":
    sys.exit(main())

"""`python -m yinuo.project.standin FILE`: the stand-in of a demo home, until it is ended."""

import sys
from pathlib import Path

from yinuo.project.standin.offering import load
from yinuo.project.standin.server import served

if __name__ == "__main__":
    application, port = load(Path(sys.argv[1]))
    served(application, port).serve_forever()

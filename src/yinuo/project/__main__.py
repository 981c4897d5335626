"""`python -m yinuo.project` is the command line."""

from yinuo.project.main import main

main()

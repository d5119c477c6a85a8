"""`python -m bihuan` is the `bihuan` command."""

from bihuan.cli import main

main()

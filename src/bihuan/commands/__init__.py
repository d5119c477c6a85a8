"""The commands of `bihuan`: one module per command, each with `add` (its arguments) and `run`.

Every command takes `--data DIR`. Where nothing runs there it starts what it needs and stops it again.
"""

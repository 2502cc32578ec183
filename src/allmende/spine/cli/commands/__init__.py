"""One module a command: `HELP` = {"de", "en"}, `configure(parser)`, `run(args) -> int`.

A module may also set `JSON = True` (it has a `--json` door, with its schema in `cli/schemas/<name>.json`) and
`DATA = False` (it needs no data folder). The frame adds `--data` and `--json`, and turns SupervisorError into a
message and an exit code.
"""

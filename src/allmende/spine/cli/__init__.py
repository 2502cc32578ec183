"""The command `allmende`: one module a command in `commands/`, Django only inside `run()`."""

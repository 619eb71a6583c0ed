"""The command line: a module a command, and nothing heavy before its turn."""

"""The command line: the only place that prints or exits. One command a file, the library below."""

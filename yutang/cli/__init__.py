"""The `yutang` command line: what the console can do, for scripts and for servers."""

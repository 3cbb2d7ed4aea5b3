"""A demo merchant and the world around it, on this machine alone: what `make run` starts."""

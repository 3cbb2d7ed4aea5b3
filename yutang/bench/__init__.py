"""Measuring: each figure stands beside a reference measured in the same run, because machines differ and are noisy."""

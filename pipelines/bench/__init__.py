"""A county whose life is simulated month by month, apart from the rules: its files, and the truth behind them."""

from pipelines.bench.world import make_world

__all__ = ["make_world"]

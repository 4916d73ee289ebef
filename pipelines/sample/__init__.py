"""A made-up county: its life by an explicit plan, and the files that its departments would deliver."""

from pipelines.sample.county import make_county, steps

__all__ = ["make_county", "steps"]

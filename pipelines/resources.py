"""What the assets are given: the home folder, owned by the process that writes in it."""

from collections.abc import Iterator

import dagster as dg

from assets.engine import kept_engine
from assets.home import Home


@dg.resource(
    config_schema={
        "root": dg.Field(str, default_value="", description="The home folder; blank: LOWINCOME_HOME, else data/home")
    },
    description="The home folder, locked for as long as a run writes in it.",
)
def owned_home(context: dg.InitResourceContext) -> Iterator[Home]:
    home = Home.at(context.resource_config["root"] or None)
    with home.owned(), kept_engine(home):
        yield home

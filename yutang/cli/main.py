"""The root command. Subcommands load Django only when they need it, so that `yutang --help` is quick."""

import importlib
import os
import sys
from typing import Any

import click

from yutang import __version__

# name → (module, attribute, what it does). Modules are imported when their command is called.
COMMANDS: dict[str, tuple[str, str, str]] = {
    "serve": ("yutang.cli.serve", "serve", "Run the console, the API and the workers."),
    "web": ("yutang.cli.serve", "web", "Run the console and the API alone."),
    "worker": ("yutang.cli.serve", "worker", "Run a worker alone."),
    "migrate": ("yutang.cli.setup", "migrate", "Bring the database up to this version."),
    "account": ("yutang.cli.setup", "account", "Create accounts and reset passwords."),
    "openapi": ("yutang.cli.setup", "openapi", "Print the OpenAPI schema."),
    "import": ("yutang.cli.imports", "import_", "Import orders from files."),
    "corp": ("yutang.cli.corps", "corp", "Connect and check WeCom corps, and synchronise them."),
    "lake": ("yutang.cli.lake", "lake", "Look after the lake of events and orders."),
    "segments": ("yutang.cli.segments", "segments", "List, try and check segments."),
    "event-sources": ("yutang.cli.event_sources", "event_sources", "Make sources of events and their write keys."),
    "bench": ("yutang.cli.bench", "bench", "Measure, each figure beside a reference from the same run."),
}


class Commands(click.Group):
    """Subcommands from COMMANDS, each imported on first use."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module, attribute, _ = COMMANDS[name]
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, help_) for name, (_, _, help_) in COMMANDS.items()])


@click.command(cls=Commands)
@click.version_option(__version__, prog_name="yutang")
def cli() -> None:
    """Yutang 鱼塘: a private-domain operating system for merchants.

    State lives in YUTANG_HOME (default: var). DATABASE_URL chooses PostgreSQL; without it SQLite is used.
    """


def start_django() -> None:
    """Load the product's settings and apps; commands that touch data call this first."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yutang.settings")
    import django

    django.setup()


def main(argv: list[str] | None = None) -> Any:
    """Run the command line. A setting that cannot be used ends in one line, not in a traceback."""
    from yutang.kernel.env import BadSetting

    try:
        return cli.main(args=argv, prog_name="yutang")
    except BadSetting as error:
        click.echo(f"yutang: {error}", err=True)
        sys.exit(2)

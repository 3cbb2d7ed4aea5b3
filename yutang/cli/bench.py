"""`yutang bench`: each in processes and a home of its own, so nothing of the merchant's is touched."""

import importlib
import json
import sys

import click

# name → (module with `run() -> list[Figure]`, what it measures)
BENCHES: dict[str, tuple[str, str]] = {
    "callback": ("yutang.bench.callback", "Verify, decrypt, store and answer callbacks at 200 a second."),
    "welcome": ("yutang.bench.welcome", "From scan to welcome, at 50 new contacts a second."),
    "collect": ("yutang.bench.collect", "Events a second by HTTP, one by one and in batches, on both databases."),
    "import": ("yutang.bench.orders", "Order lines a second, from file to committed rows, on both databases."),
    "lists": ("yutang.bench.lists", "Customer list, search and profile with a million customers."),
    "segment": ("yutang.bench.segments", "Rules over a million people and fifty million events, cold and warm."),
    "membership": ("yutang.bench.membership", "From an event, or a moment due, to a segment having told of it."),
    "insights": (
        "yutang.bench.insights",
        "The dashboard of a small and of a large merchant, beside SQL written by hand.",
    ),
    "idle": ("yutang.bench.idle", "Memory of the running product when nothing happens."),
}


@click.command()
@click.argument("names", nargs=-1)
@click.option("--list", "list_", is_flag=True, help="Name the benchmarks and end.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def bench(names: tuple[str, ...], list_: bool, as_json: bool) -> None:
    """Measure what NAMES name, or everything. Ends with 1 when a target is missed."""
    if list_:
        for name, (_, what) in BENCHES.items():
            click.echo(f"{name:10}  {what}")
        return
    if unknown := [name for name in names if name not in BENCHES]:
        raise click.UsageError(f"No benchmark named {', '.join(unknown)}; `yutang bench --list` names them.")
    from yutang.bench.figures import Figure, table

    figures: list[Figure] = []
    for name in names or tuple(BENCHES):
        click.echo(f"Measuring {name} …", err=True)
        figures += importlib.import_module(BENCHES[name][0]).run()
    if as_json:
        click.echo(json.dumps([figure.as_json() for figure in figures], ensure_ascii=False, indent=1))
    else:
        click.echo(table(figures))
    if not all(figure.met for figure in figures):
        sys.exit(1)

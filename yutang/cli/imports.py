"""`yutang import`: the same imports the console makes, from a terminal."""

import json
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from yutang.cli.main import start_django

if TYPE_CHECKING:
    from yutang.commerce.models import ImportRun

BAD_INPUT, FAILED, WAITS = 2, 1, 3
WORKERS_WAIT = timedelta(minutes=2)  # then a worker takes over what a killed command left


@click.group("import")
def import_() -> None:
    """Import orders from files.

    Exit codes: 0 done, 1 failed or cancelled, 2 the file or an option cannot be used, 3 waits for a decision (too many
    bad rows).
    """


@import_.command()
@click.argument("file", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--source",
    help="Where the orders come from; numbers are unique within it. Default: the platform, or the file's name.",
)
@click.option("--map", "mapped", multiple=True, metavar="FIELD=COLUMN", help="Which column holds a field; repeatable.")
@click.option("--zone", help="IANA zone of times in the file. Default: the merchant's.")
@click.option("--currency", help="ISO 4217 code. Default: CNY, or what the source has.")
@click.option(
    "--dates", "date_order", type=click.Choice(["dmy", "mdy"]), help="How 5/1/2026 is meant. Default: guessed."
)
@click.option("--cancellations", "cancellation_prefix", help="Beginning of cancellations' numbers. Default: guessed.")
@click.option("--adjustments", "adjustment_prefix", help="Beginning of adjustments' numbers. Default: guessed.")
@click.option("--max-bad", "max_bad_percent", type=float, help="Wait for a decision beyond this share. Default: 20.")
@click.option("--accept-bad-rows", is_flag=True, help="Import the good rows however many are bad.")
@click.option("--dry-run", is_flag=True, help="Read and check everything, write no order.")
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
def orders(
    file: Path,
    source: str | None,
    mapped: tuple[str, ...],
    accept_bad_rows: bool,
    dry_run: bool,
    as_json: bool,
    **options: Any,
) -> None:
    """Import orders from FILE: CSV, XLSX or Parquet, or a folder of them.

    Columns are found by their names and contents and can be named with --map, as in --map phone=收货人手机. The fields
    are order_number, placed_at, placed_time, paid_at, customer_id, customer_name, phone, email, member_no, unionid,
    sku, title, quantity, unit_price, amount, country, store, status, after_sale, refund. Exports of Taobao, Tmall, JD,
    Pinduoduo, Douyin and Youzan are recognised by their columns.
    """
    start_django()
    from yutang.commerce.services import runs
    from yutang.kernel.actors import Actor
    from yutang.kernel.errors import DomainError

    by = Actor(kind="system", name="command line")
    try:
        run = runs.create_run_from_path(file, source=source, by=by, options=options)
        if mapped:
            run = runs.set_mapping(run, mapping=_with_named(run, mapped), by=by)
        _say_mapping(run, as_json)
        if dry_run:
            run = runs.ask_check(run, by=by, after=WORKERS_WAIT)
        else:
            run = runs.start(run, by=by, accept_bad_rows=accept_bad_rows, after=WORKERS_WAIT)
    except DomainError as error:
        _refuse(error, as_json)
    _work(run, as_json, dry_run=dry_run)


@import_.command()
@click.argument("run_id", type=int)
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
def resume(run_id: int, as_json: bool) -> None:
    """Go on with an import that was killed, cancelled, failed or waits for a decision."""
    start_django()
    from yutang.commerce.services import runs
    from yutang.kernel.actors import Actor
    from yutang.kernel.errors import DomainError

    run = _found(run_id)
    try:
        run = runs.resume(run, by=Actor(kind="system", name="command line"))
    except DomainError as error:
        _refuse(error, as_json)
    _work(run, as_json)


@import_.command()
@click.argument("run_id", type=int)
def cancel(run_id: int) -> None:
    """Stop an import after the batch in hand. What is written stays."""
    start_django()
    from yutang.commerce.services import runs
    from yutang.kernel.actors import Actor
    from yutang.kernel.errors import DomainError

    try:
        run = runs.cancel(_found(run_id), by=Actor(kind="system", name="command line"))
    except DomainError as error:
        _refuse(error, as_json=False)
    click.echo(f"#{run.pk} {run.state}{' (stops after the present batch)' if run.cancel_asked else ''}")


@import_.command("list")
@click.option("--json", "as_json", is_flag=True)
def list_(as_json: bool) -> None:
    """Show the latest imports."""
    start_django()
    from yutang.commerce.models import ImportRun

    latest = ImportRun.objects.order_by("-pk")[:30]
    if as_json:
        click.echo(json.dumps([_told(run) for run in latest], ensure_ascii=False, indent=2))
        return
    for run in latest:
        done, rows = run.counts.get("rows_written", 0), run.summary.get("rows", "?")
        click.echo(f"#{run.pk:<5} {run.state:<10} {done:>10} / {rows:<10} {run.source_name}  {run.file_name}")


def _found(run_id: int) -> "ImportRun":
    from yutang.commerce.models import ImportRun

    run = ImportRun.objects.filter(pk=run_id).first()
    if run is None:
        click.echo(f"No import #{run_id}. `yutang import list` shows them.", err=True)
        sys.exit(BAD_INPUT)
    return run


def _with_named(run: "ImportRun", mapped: tuple[str, ...]) -> dict[str, str | int | None]:
    """The guessed mapping with what --map says on top; FIELD= alone takes a field off."""
    wanted: dict[str, str | int | None] = dict(run.mapping)
    for pair in mapped:
        field, equals, column = pair.partition("=")
        if not equals:
            raise click.UsageError(f"--map takes FIELD=COLUMN, not {pair!r}.")
        taken = run.layout["columns"].index(column) if column in run.layout["columns"] else None
        wanted = {other: place for other, place in wanted.items() if place != taken}
        wanted[field.strip()] = column
    return wanted


def _say_mapping(run: "ImportRun", as_json: bool) -> None:
    if as_json:
        return
    named = {field: run.layout["columns"][position] for field, position in run.mapping.items()}
    click.echo(f"#{run.pk} {run.file_name} -> {run.source_name} ({run.options['zone']}, {run.options['currency']})")
    if run.options.get("platform"):
        click.echo(f"   recognised as an export of {run.options['platform']} {run.options['platform_layout']}".rstrip())
    for field, column in named.items():
        click.echo(f"   {field:<14} <- {column}")
    if run.layout["skipped"]:
        click.echo(f"   sheets left out: {', '.join(run.layout['skipped'])}")


def _work(run: "ImportRun", as_json: bool, *, dry_run: bool = False) -> None:
    """Do the run's work here and now, telling how it goes, and end with the exit code."""
    from yutang.commerce.services.run_import import carry_out

    began = time.monotonic()
    try:
        done = carry_out(run.pk, watch=_Progress(quiet=as_json or not sys.stderr.isatty()))
    except KeyboardInterrupt:
        click.echo(f"\nStopped. Go on with: yutang import resume {run.pk}", err=True)
        sys.exit(130)
    assert done is not None  # noqa: S101  (we made it)
    seconds = time.monotonic() - began
    if as_json:
        click.echo(json.dumps(_told(done) | {"seconds": round(seconds, 2)}, ensure_ascii=False, indent=2))
    else:
        _say_outcome(done, seconds, dry_run)
    sys.exit({"done": 0, "ready": 0, "paused": WAITS}.get(done.state, FAILED))


class _Progress:
    """One line that keeps itself up to date."""

    def __init__(self, quiet: bool) -> None:
        self.quiet = quiet
        self._last = 0.0

    def __call__(self, run: "ImportRun") -> None:
        now = time.monotonic()
        if self.quiet or now - self._last < 0.2:
            return
        self._last = now
        rows = run.summary.get("lines")
        if run.state == "checking":
            text = f"checking  {run.counts.get('rows_checked', 0):>12,} rows"
        else:
            text = f"importing {run.counts.get('rows_written', 0):>12,} of {rows or 0:,} lines"
        click.echo(f"\r{text}   ", nl=False, err=True)


def _told(run: "ImportRun") -> dict[str, Any]:
    columns = run.layout.get("columns", [])
    return {
        "id": run.pk,
        "state": run.state,
        "file": run.file_name,
        "sha256": run.sha256,
        "source": run.source_name,
        "mapping": {field: columns[position] for field, position in run.mapping.items()},
        "options": run.options,
        "found": {name: value for name, value in run.summary.items() if name != "samples"},
        "written": run.counts,
        "bad_rows_file": _bad_rows_file(run),
        "error": run.error or None,
    }


def _bad_rows_file(run: "ImportRun") -> str | None:
    from yutang.commerce.services.downloads import write_bad_rows

    path = write_bad_rows(run)
    return str(path) if path else None


def _say_outcome(run: "ImportRun", seconds: float, dry_run: bool) -> None:
    found, written = run.summary, run.counts
    click.echo("\r" + " " * 60 + "\r", nl=False, err=True)
    for name, value in found.items():
        if name not in ("samples", "parts", "bad_by_reason", "prefixes"):
            click.echo(f"   {name:<24} {value:,}" if isinstance(value, int) else f"   {name:<24} {value}")
    for reason, count in found.get("bad_by_reason", {}).items():
        click.echo(f"   bad: {reason:<19} {count:,}")
    if not dry_run:
        for name, value in written.items():
            click.echo(f"   {name:<24} {value:,}")
    if path := _bad_rows_file(run):
        click.echo(f"   rows left out, with reasons: {path}")
    speed = found.get("rows", 0) / max(seconds, 0.001)
    click.echo(f"#{run.pk} {run.state} in {seconds:.1f} s ({speed:,.0f} rows/s)")
    if run.error:
        click.echo(f"{run.error['zh']}\n{run.error['en']}", err=True)
    if run.state == "paused":
        click.echo(
            f"坏行过多，已暂停。接受并继续：yutang import resume {run.pk}\n"
            f"Too many bad rows; nothing is written. Accept and go on: yutang import resume {run.pk}",
            err=True,
        )


def _refuse(error: Any, as_json: bool) -> None:
    if as_json:
        click.echo(
            json.dumps({"error": {"code": error.code, "zh": error.said.zh, "en": error.said.en}}, ensure_ascii=False)
        )
    click.echo(f"{error.said.zh}\n{error.said.en}", err=True)
    if error.advice:
        advice = error.advice.fill(**error.values)
        click.echo(f"{advice.zh}\n{advice.en}", err=True)
    sys.exit(BAD_INPUT)

"""Looking after the lake: how it stands, bringing rows in, joining files, comparing it with the database."""

import json
import sys
from typing import Any

import click

from yutang.cli.main import start_django


@click.group()
def lake() -> None:
    """Look after the lake: status, flush, compact, verify, rebuild.

    The lake holds events, orders and order lines as Apache Iceberg tables, readable by Spark, Trino, ClickHouse and
    DuckDB. Workers keep it by themselves; these commands are for seeing and for mending.
    """


def _table(_context: click.Context, _option: click.Parameter, name: str | None) -> list[str]:
    start_django()
    from yutang.lake.tables import TABLES

    if name is not None and name not in TABLES:
        raise click.BadParameter(f"There is no table {name}. Tables: {', '.join(TABLES)}.")
    return [name] if name else list(TABLES)


TABLE = click.option("--table", "names", default=None, callback=_table, help="One table; default: all.")
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@lake.command("status")
@TABLE
@AS_JSON
def status(names: list[str], as_json: bool) -> None:
    """Rows, files and how far each table reaches."""
    from yutang.lake.queries import standing
    from yutang.lake.tables import TABLES

    _print([vars(standing(TABLES[name])) for name in names], as_json)


@lake.command("flush")
@TABLE
@AS_JSON
def flush(names: list[str], as_json: bool) -> None:
    """Bring rows that wait in the database into the files now."""
    from yutang.lake.services.flush import flush as run
    from yutang.lake.tables import TABLES

    _print([_told(run(TABLES[name])) for name in names], as_json)


@lake.command("compact")
@TABLE
@AS_JSON
@click.option("--whole", is_flag=True, help="Rewrite all files, not only small ones.")
def compact(names: list[str], as_json: bool, whole: bool) -> None:
    """Join small files, drop old snapshots, sweep away what nobody refers to."""
    from yutang.lake.services.tidy import compact as run
    from yutang.lake.tables import TABLES

    _print([_told(run(TABLES[name], whole=whole)) for name in names], as_json)


@lake.command("verify")
@TABLE
@AS_JSON
def verify(names: list[str], as_json: bool) -> None:
    """Read every file to its end and compare each row with the database. Ends with 1 where something is wrong."""
    from yutang.lake.services.verify import verify as run
    from yutang.lake.tables import TABLES

    runs = [run(TABLES[name])[0] for name in names]
    _print([_told(each) for each in runs], as_json)
    if not all(each.ok for each in runs):
        click.echo("Something is wrong; `yutang lake rebuild --table NAME` makes a table anew.", err=True)
        sys.exit(1)


@lake.command("rebuild")
@click.option("--table", "names", required=True, callback=_table, help="The table to make anew.")
@AS_JSON
def rebuild(names: list[str], as_json: bool) -> None:
    """Make a table anew from the database. Questions are answered from the database meanwhile."""
    from yutang.lake.services.rebuild import rebuild as run
    from yutang.lake.tables import TABLES

    _print([_told(run(TABLES[name])) for name in names], as_json)


def _told(run: Any) -> dict[str, Any]:
    told = {"table": run.table, "ok": run.ok, "rows": run.rows, "seconds": round(run.seconds, 3)}
    return told | run.detail


def _print(rows: list[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(rows, default=str, ensure_ascii=False))
        return
    for row in rows:
        table, *rest = row.items()
        click.echo(f"{table[1]:14}" + "  ".join(f"{name} {value}" for name, value in rest))

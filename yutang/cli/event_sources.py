"""Sources of events on the command line: make them, change them, rotate their keys."""

import json
import sys
from typing import TYPE_CHECKING

import click

from yutang.cli.main import start_django

if TYPE_CHECKING:
    from yutang.events.models import EventSource

KINDS = ["browser", "app", "mini_program", "server"]


@click.group("event-sources")
def event_sources() -> None:
    """Make sources of events and their write keys."""


@event_sources.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_sources(as_json: bool) -> None:
    """Print the sources, without their keys."""
    start_django()
    from yutang.events.models import EventSource

    rows = [_told(source) for source in EventSource.objects.order_by("pk")]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
    for row in [] if as_json else rows:
        state = "" if row["is_enabled"] else "  (disabled)"
        click.echo(f"{row['id']:>4}  {row['kind']:<12}  {row['issuer']:<20}  {row['name']}{state}")


@event_sources.command("create")
@click.argument("name")
@click.option("--kind", type=click.Choice(KINDS), default="server", show_default=True)
@click.option("--issuer", required=True, help="Whose user ids these are; sources of one issuer share their people.")
@click.option("--user-id-kind", default="member_no", show_default=True, help="What userId is: member_no, phone, …")
@click.option("--origin", "origins", multiple=True, help="A page that may send, as https://shop.example. Repeatable.")
@click.option("--rate", default=None, type=int, help="Events a second.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def create(
    name: str, kind: str, issuer: str, user_id_kind: str, origins: tuple[str, ...], rate: int | None, as_json: bool
) -> None:
    """Make a source and print its write key."""
    start_django()
    from yutang.customers.models import IdentityKind
    from yutang.events.models import SourceKind
    from yutang.events.services.sources import DEFAULT_RATE, SourceDraft, create_source
    from yutang.kernel.actors import SYSTEM
    from yutang.kernel.errors import DomainError

    if user_id_kind not in IdentityKind.values:
        raise click.UsageError(f"--user-id-kind is one of {', '.join(IdentityKind.values)}.")
    draft = SourceDraft(
        name=name,
        kind=SourceKind(kind),
        issuer=issuer,
        user_id_kind=IdentityKind(user_id_kind),
        allowed_origins=origins,
        rate_per_second=rate or DEFAULT_RATE,
    )
    try:
        source = create_source(draft, by=SYSTEM)
    except DomainError as refused:
        click.echo(f"{refused.said.zh}\n{refused.said.en}", err=True)
        sys.exit(1)
    _say_key(source, as_json)


@event_sources.command("rotate")
@click.argument("source_id", type=int)
@click.option("--at-once", is_flag=True, help="The old key ends now, not in a day: for one that was lost.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def rotate(source_id: int, at_once: bool, as_json: bool) -> None:
    """Give a source a new write key and print it."""
    start_django()
    from yutang.events.services.sources import rotate_key
    from yutang.kernel.actors import SYSTEM

    _say_key(rotate_key(_source(source_id), by=SYSTEM, at_once=at_once), as_json)


@event_sources.command("enable")
@click.argument("source_id", type=int)
@click.option("--off", is_flag=True, help="Disable it instead: its events are refused and not kept.")
def enable(source_id: int, off: bool) -> None:
    """Take a source's events in again, or no longer."""
    start_django()
    from yutang.events.services.sources import SourceChange, change_source
    from yutang.kernel.actors import SYSTEM

    source = change_source(_source(source_id), SourceChange(is_enabled=not off), by=SYSTEM)
    click.echo(f"{source.name} is {'disabled' if off else 'enabled'}.")


def _source(source_id: int) -> "EventSource":
    from yutang.events.models import EventSource

    source = EventSource.objects.filter(pk=source_id).first()
    if source is None:
        click.echo(f"There is no source {source_id}.", err=True)
        sys.exit(1)
    return source


def _told(source: "EventSource") -> dict[str, object]:
    shown = ("name", "kind", "issuer", "user_id_kind", "allowed_origins", "rate_per_second", "is_enabled")
    return {"id": source.pk} | {name: getattr(source, name) for name in shown}


def _say_key(source: "EventSource", as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(_told(source) | {"write_key": source.write_key}, ensure_ascii=False))
    else:
        click.echo(f"{source.name} (#{source.pk})\nWrite key: {source.write_key}")

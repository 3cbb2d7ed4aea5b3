"""`yutang segments`: what the API does, from the command line, for whoever runs the machine and so sees everybody."""

import json
import sys
from typing import Any

import click


@click.group()
def segments() -> None:
    """List and try segments, see who is in them, and check what is kept."""
    from yutang.cli.main import start_django

    start_django()


@segments.command("list")
def list_() -> None:
    """Every segment that is not archived: id, state, version, people, name."""
    from yutang.segments.queries import list_segments

    for each in list_segments().order_by("pk"):
        count = each.count if each.settled_version else "…"
        click.echo(f"{each.pk:>6}  {each.state:8}  v{each.version:<4} {count:>10}  {each.name}")


@segments.command()
@click.argument("segment_id", type=int)
def show(segment_id: int) -> None:
    """One segment: its rule as a sentence and as JSON."""
    from yutang.kernel import clock
    from yutang.segments.references import NamesOfThings
    from yutang.segments.rule import sentence
    from yutang.segments.services.segments import rule_of
    from yutang.segments.services.world import moment_of

    rule = rule_of(_find(segment_id))
    click.echo(sentence(rule.when, NamesOfThings(), moment_of(clock.now())).zh)
    click.echo(json.dumps(rule.dump(), ensure_ascii=False, indent=1))


@segments.command()
@click.argument("segment_id", type=int)
def members(segment_id: int) -> None:
    """The ids of its people, one a line."""
    from yutang.segments.queries import people_of_segment

    for person in _or_refuse(people_of_segment, _find(segment_id)):
        click.echo(person)


@segments.command()
@click.argument("rule", type=click.File("r"), default="-")
def preview(rule: Any) -> None:
    """How many people a rule means: JSON from a file or standard input. Reads everything anew."""
    from yutang.segments.rule import leaves_of, people_of
    from yutang.segments.services.kept_leaves import measured
    from yutang.segments.services.segments import checked, parsed
    from yutang.segments.trees import EVERYONE, unique

    try:
        data = json.load(rule)
    except ValueError as error:
        raise click.ClickException(f"Not JSON: {error}") from None
    node = _or_refuse(lambda: checked(parsed(data if isinstance(data, dict) else {})))
    people = {leaf.key: _or_refuse(measured, leaf)[0].people for leaf in [EVERYONE, *unique(leaves_of(node))]}
    click.echo(len(people_of(node, people[EVERYONE.key], lambda leaf: people[leaf.key])))


@segments.command()
def check() -> None:
    """Read everything kept anew and compare; mends what was wrong. Ends with 1 when something was."""
    from yutang.segments.services.check import check_everything

    wrong = check_everything()
    click.echo(f"{wrong} wrong")
    if wrong:
        sys.exit(1)


def _find(segment_id: int) -> Any:
    from yutang.segments.queries import find_segment

    return _or_refuse(find_segment, segment_id)


def _or_refuse(call: Any, *given: Any) -> Any:
    from yutang.kernel.errors import DomainError

    try:
        return call(*given)
    except DomainError as error:
        raise click.ClickException(str(error)) from None

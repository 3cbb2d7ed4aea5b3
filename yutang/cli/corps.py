"""Corps on the command line: connect, check, synchronise, and see how that goes."""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from yutang.cli.main import start_django

if TYPE_CHECKING:
    from yutang.channels.wecom.models import SyncRun, WeComApp

OFFICIAL = "https://qyapi.weixin.qq.com"
MARKS = {"ok": "✓", "warning": "!", "failed": "✗", "skipped": "-"}
LOOK_SECONDS = 0.5


@click.group()
def corp() -> None:
    """Connect and check WeCom corps, and synchronise them."""


@corp.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_corps(as_json: bool) -> None:
    """Print the connected corps and their callback addresses."""
    start_django()
    from yutang.channels.wecom.checker import callback_address
    from yutang.channels.wecom.models import WeComApp

    apps = WeComApp.objects.filter(is_active=True).select_related("corp").order_by("pk")
    rows = [
        {
            "corp_id": app.corp.wecom_corpid,
            "name": app.corp.name,
            "agent_id": app.agent_id,
            "base_url": app.base_url,
            "callback_url": callback_address(app),
        }
        for app in apps
    ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
    for row in [] if as_json else rows:
        click.echo(f"{row['corp_id']}  {row['name']}  agent {row['agent_id']}  {row['callback_url']}")


@corp.command("connect")
@click.argument("corp_id")
@click.option("--name", required=True, help="What the corp is called here.")
@click.option("--agent-id", required=True, type=int)
@click.option(
    "--secret", prompt=True, hide_input=True, help="Asked for when left out, which keeps it from the history."
)
@click.option("--base-url", default=OFFICIAL, show_default=True)
@click.option("--callback-token", default=None, help="Default: a new one.")
@click.option("--callback-aes-key", default=None, help="Default: a new one.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def connect(
    corp_id: str,
    name: str,
    agent_id: int,
    secret: str,
    base_url: str,
    callback_token: str | None,
    callback_aes_key: str | None,
    as_json: bool,
) -> None:
    """Connect a corp's own app, and print what to enter in WeCom's admin console."""
    start_django()
    from yutang.channels.wecom import connect as connecting
    from yutang.channels.wecom.checker import callback_address
    from yutang.channels.wecom.tasks import plan_daily
    from yutang.kernel.actors import SYSTEM

    with _refusals_in_words():
        app = connecting.connect_corp(
            corp_id=corp_id, corp_name=name, agent_id=agent_id, secret=secret, base_url=base_url, by=SYSTEM
        )
        if callback_token or callback_aes_key:
            connecting.change_app(app, by=SYSTEM, callback_token=callback_token, callback_aes_key=callback_aes_key)
        plan_daily(app)
    shown = {"url": callback_address(app), "token": app.callback_token, "aes_key": app.callback_aes_key}
    if as_json:
        click.echo(json.dumps(shown))
    else:
        click.echo(
            f"Connected. Enter this in WeCom's admin console, under the app's 接收消息 → API接收:\n{_lines(shown)}"
        )


@corp.command("check")
@click.argument("corp_id")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--language", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
def check(corp_id: str, as_json: bool, language: str) -> None:
    """Try everything a connection needs. Ends with status 1 when something fails."""
    start_django()
    from yutang.channels.wecom.checker import Outcome, check_connection

    checks = check_connection(_app(corp_id))
    rows = [
        {
            "name": each.name,
            "label": getattr(each.label, language),
            "outcome": each.outcome.value,
            "message": getattr(each.said, language),
            "advice": getattr(each.advice, language) if each.advice else None,
            "page": getattr(each.page, language) if each.page else None,
        }
        for each in checks
    ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
    for row in [] if as_json else rows:
        click.echo(f"{MARKS[str(row['outcome'])]} {row['label']}: {row['message']}")
        for extra in (row["advice"], row["page"]):
            if extra and row["outcome"] != "ok":
                click.echo(f"    {extra}")
    sys.exit(1 if any(each.outcome is Outcome.FAILED for each in checks) else 0)


@corp.command("sync")
@click.argument("corp_id")
@click.option("--only", type=click.Choice(["address_book", "tags", "customers", "recount"]), default=None)
@click.option("--here", is_flag=True, help="Do the work in this process, without a worker.")
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON at the end.")
def sync(corp_id: str, only: str | None, here: bool, as_json: bool) -> None:
    """Read WeCom's side: members, tags, customers, and a recount of relations. A killed run resumes."""
    start_django()
    from yutang.channels.wecom import sync as syncing
    from yutang.channels.wecom.models import SyncKind
    from yutang.kernel.actors import SYSTEM

    app = _app(corp_id)
    runs = [syncing.start_sync(app, kind, by=SYSTEM) for kind in syncing.FULL if only in (None, SyncKind(kind).value)]
    if here:
        from yutang.kernel import jobs

        jobs.run_due(lanes=("bulk",))
    ended = [_wait_for(run, quiet=as_json) for run in runs]
    if as_json:
        click.echo(json.dumps({run.kind: {"state": run.state, **run.counts} for run in ended}))
    sys.exit(0 if all(run.state == "done" for run in ended) else 1)


def _wait_for(run: "SyncRun", *, quiet: bool) -> "SyncRun":
    while True:
        run.refresh_from_db()
        if not quiet:
            total = f"/{run.total}" if run.total is not None else ""
            click.echo(f"\r{run.kind}: {run.state} {run.done}{total} {run.counts}", nl=False)
        if run.finished_at is not None:
            if not quiet:
                click.echo("")
            return run
        time.sleep(LOOK_SECONDS)


def _app(corp_id: str) -> "WeComApp":
    from yutang.channels.wecom.models import AppFamily, WeComApp

    apps = WeComApp.objects.select_related("corp").filter(family=AppFamily.APP, is_active=True)
    app = apps.filter(corp__wecom_corpid=corp_id).first()
    if app is None:
        click.echo(f"The corp {corp_id} is not connected.", err=True)
        sys.exit(1)
    return app


@contextmanager
def _refusals_in_words() -> Iterator[None]:
    """Ends the command with the refusal's sentence instead of a traceback."""
    from yutang.kernel.errors import DomainError

    try:
        yield
    except DomainError as error:
        click.echo(error.said.en, err=True)
        click.echo(_lines(error.fields), err=True)
        sys.exit(1)


def _lines(pairs: dict[str, str]) -> str:
    return "\n".join(f"  {name}: {value}" for name, value in pairs.items())

"""Setting up: the database, the first accounts, the schema for client makers."""

import json
import sys
from typing import NoReturn

import click

from yutang.cli.main import start_django


@click.command()
def migrate() -> None:
    """Bring the database up to this version. Safe to run at every start."""
    start_django()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    click.echo("The database is up to date.")


@click.group()
def account() -> None:
    """Create accounts and reset passwords."""


@account.command("create")
@click.argument("username")
@click.option("--name", default=None, help="Shown in the console. Default: the username.")
@click.option("--role", default="owner", show_default=True)
@click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True)
def create(username: str, name: str | None, role: str, password: str) -> None:
    """Create an account that sees everything its role allows."""
    start_django()
    from yutang.kernel.actors import SYSTEM
    from yutang.kernel.errors import DomainError
    from yutang.organization.models import Role
    from yutang.organization.services import accounts

    if role not in Role.values:
        _fail(f"There is no role {role}. Roles: {', '.join(Role.values)}.", {})
    draft = accounts.AccountDraft(username=username, name=name or username, role=Role(role))
    try:
        accounts.create_account(draft, password=password, by=SYSTEM)
    except DomainError as error:
        _fail(error.said.en, error.fields)
    click.echo(f"Account {username} created.")


@account.command("password")
@click.argument("username")
@click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True)
def change_password(username: str, password: str) -> None:
    """Set a new password and end the account's sessions."""
    start_django()
    from yutang.kernel.actors import SYSTEM
    from yutang.kernel.errors import DomainError
    from yutang.organization.models import Account
    from yutang.organization.services import accounts

    found = Account.objects.filter(username__iexact=username).first()
    if found is None:
        _fail(f"There is no account {username}.", {})
    try:
        accounts.reset_password(found, password, by=SYSTEM)
    except DomainError as error:
        _fail(error.said.en, error.fields)
    click.echo(f"Password of {username} changed.")


def _fail(message: str, fields: dict[str, str]) -> NoReturn:
    click.echo(message, err=True)
    for name, problem in fields.items():
        click.echo(f"  {name}: {problem}", err=True)
    sys.exit(1)


@click.command()
@click.option("--output", type=click.Path(dir_okay=False), default="-", help="A file; default: standard output.")
def openapi(output: str) -> None:
    """Print the OpenAPI schema of the HTTP API."""
    start_django()
    from yutang.api.main import api

    schema = json.dumps(api.get_openapi_schema(), indent=1, ensure_ascii=False, sort_keys=True)
    with click.open_file(output, "w", encoding="utf-8") as file:
        file.write(schema + "\n")

"""The command line: help, accounts, the schema, settings that cannot be used."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture
def yutang(tmp_path: Path):
    """Run `yutang …` on an empty home; SQLite, whatever database the test run itself uses."""

    def run(*arguments: str, home: str = str(tmp_path), **settings: str) -> subprocess.CompletedProcess[str]:
        env = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        env |= {"YUTANG_HOME": home, "YUTANG_LOG_LEVEL": "ERROR"} | settings
        command = [sys.executable, "-m", "yutang", *arguments]
        return subprocess.run(command, env=env, capture_output=True, text=True, timeout=60)

    return run


def test_help_names_every_command_and_every_command_has_help(yutang) -> None:
    from yutang.cli.main import COMMANDS

    listed = yutang("--help").stdout
    for name in COMMANDS:
        assert name in listed
        assert yutang(name, "--help").returncode == 0


def test_an_account_is_created_once_and_weak_passwords_are_refused(yutang) -> None:
    assert yutang("migrate").returncode == 0
    weak = yutang("account", "create", "boss", "--password", "12345678")
    assert weak.returncode == 1
    assert "password" in weak.stderr

    assert yutang("account", "create", "boss", "--password", "Pond-and-fish-2026").returncode == 0
    again = yutang("account", "create", "Boss", "--password", "Pond-and-fish-2026")
    assert again.returncode == 1
    assert yutang("account", "password", "boss", "--password", "Another-pond-2027").returncode == 0
    assert yutang("account", "password", "nobody", "--password", "Another-pond-2027").returncode == 1
    assert yutang("account", "create", "x", "--role", "king", "--password", "Another-pond-2027").returncode == 1


def test_the_schema_can_be_printed_without_a_database(yutang) -> None:
    schema = json.loads(yutang("openapi").stdout)
    assert schema["info"]["title"].startswith("Yutang")
    assert "/api/customers" in schema["paths"]


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"DATABASE_URL": "mysql://x"}, "DATABASE_URL"),
        ({"YUTANG_SESSION_DAYS": "soon"}, "YUTANG_SESSION_DAYS"),
        ({"YUTANG_DEBUG": "perhaps"}, "YUTANG_DEBUG"),
    ],
)
def test_a_setting_that_cannot_be_used_ends_in_one_line_naming_it(yutang, environment, said) -> None:
    refused = yutang("migrate", **environment)
    assert refused.returncode == 2
    assert said in refused.stderr
    assert "Traceback" not in refused.stderr

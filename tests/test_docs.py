"""The documents stay true: settings are all described, capabilities all have their proof, links lead somewhere."""

import re
from pathlib import Path

import pytest
from click import Context, Group
from click.testing import CliRunner

ROOT = Path(__file__).resolve().parent.parent
DOCS = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), ROOT / "outside" / "README.md"]


def test_every_setting_is_documented_and_every_documented_setting_exists() -> None:
    code = "".join(
        path.read_text()
        for path in (ROOT / "yutang").rglob("*.py")
        if "tests" not in path.parts and "bench" not in path.parts
    )
    read = set(re.findall(r'(?:env\.\w+\(|environ\.get\(|environ\[)\s*"((?:YUTANG|DATABASE)_\w+)"', code))
    read -= {"YUTANG_SERVE_PID", "YUTANG_SERVER_PID"}  # between serve and what it starts, not for people
    described = set(re.findall(r"^\| `(\w+)` \|", (ROOT / "docs" / "settings.md").read_text(), re.MULTILINE))
    assert read == described


def capabilities() -> list[tuple[str, str]]:
    """(numbers, proof) of every row of docs/capabilities.md."""
    text = (ROOT / "docs" / "capabilities.md").read_text()
    rows = [line.strip("|").split("|") for line in text.splitlines() if re.match(r"\| *(R|C)\d", line)]
    return [(row[0].strip(), row[-1].strip().strip("`")) for row in rows]


def test_the_list_of_capabilities_is_not_empty() -> None:
    assert len(capabilities()) > 20


@pytest.mark.parametrize(("numbers", "proof"), capabilities())
def test_a_listed_capability_has_the_test_it_names(numbers: str, proof: str) -> None:
    path, _, name = proof.partition("::")
    source = ROOT / path
    assert source.is_file(), f"{numbers}: {path} does not exist"
    pattern = rf"def {re.escape(name)}\(" if path.endswith(".py") else re.escape(name)
    assert re.search(pattern, source.read_text()), f"{numbers}: {path} holds no test {name}"
    assert re.fullmatch(r"(R\d{1,3}|C\d{1,3})(, (R\d{1,3}|C\d{1,3}))*", numbers)


@pytest.mark.parametrize("document", DOCS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_within_the_documents_lead_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)", document.read_text()):
        if "://" not in target:
            assert (document.parent / target).exists(), f"{document.name} links to {target}"


def test_the_page_of_events_is_the_catalogue() -> None:
    from scripts.events_page import PAGE, page

    assert PAGE.read_text() == page(), "Run python scripts/events_page.py"


def test_the_written_schema_is_the_one_of_the_api() -> None:
    from yutang.cli.setup import openapi

    printed = CliRunner().invoke(openapi).output
    # not compared in the assert itself: pytest would draw a difference of ten thousand lines
    is_current = (ROOT / "web" / "openapi.json").read_text(encoding="utf-8") == printed
    assert is_current, "web/openapi.json is not what the API says: run make openapi"


@pytest.mark.parametrize("document", DOCS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_command_in_the_documents_exists(document: Path) -> None:
    from yutang.cli.main import cli

    for name, below in re.findall(r"(?:^|`)yutang ([a-z]+)(?: ([a-z]+))?", document.read_text(), re.MULTILINE):
        command = cli.get_command(Context(cli), name)
        assert command is not None, f"{document.name} names yutang {name}"
        if below and isinstance(command, Group):
            assert below in command.commands, f"{document.name} names yutang {name} {below}"


@pytest.mark.parametrize("document", DOCS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_make_target_in_the_documents_exists(document: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"(?:^|`)make ([a-z]+)", document.read_text(), re.MULTILINE)) <= targets


@pytest.mark.parametrize(("guide", "language"), [("guide.md", "en"), ("guide.zh-CN.md", "zh")])
def test_the_guide_leads_through_the_console_by_its_own_labels(guide: str, language: str) -> None:
    words = (ROOT / "web" / "src" / "i18n" / f"{language}.ts").read_text()
    labels = set(re.findall(r'^ +"[\w.]+": "(.*)",$', words, re.MULTILINE))
    bold = (ROOT / "docs" / guide).read_text().split("**")[1::2]
    ways = [phrase for phrase in bold if " → " in phrase]
    assert len(ways) > 5
    assert [part for way in ways for part in way.split(" → ") if part not in labels] == []

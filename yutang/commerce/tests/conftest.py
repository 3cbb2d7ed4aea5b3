"""Making files to import, and importing them through the services the API and the command line use."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from yutang.commerce.models import ImportRun
from yutang.commerce.services import runs
from yutang.commerce.services.run_import import carry_out
from yutang.kernel.actors import SYSTEM

Import = Callable[..., ImportRun]


@pytest.fixture
def import_file(db: None) -> Import:
    """`import_file(path, source=…, **options)` runs an import to its end and gives back the run."""

    def import_it(
        path: Path, *, source: str = "shop", mapping: dict[str, Any] | None = None, **options: Any
    ) -> ImportRun:
        run = runs.create_run_from_path(path, source=source, by=SYSTEM, options=options)
        if mapping is not None:
            run = runs.set_mapping(run, mapping=mapping, by=SYSTEM)
        run = runs.start(run, by=SYSTEM)
        done = carry_out(run.pk)
        assert done is not None
        return done

    return import_it


@pytest.fixture
def write_csv(tmp_path: Path) -> Callable[..., Path]:
    """`write_csv(text, encoding=…)` makes a file."""

    def write(text: str | bytes, *, name: str = "orders.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        return path

    return write

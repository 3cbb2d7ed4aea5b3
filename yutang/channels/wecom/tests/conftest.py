import gzip
import json
import os
from pathlib import Path
from typing import Any

import pytest

CHECKOUT = Path(__file__).resolve().parents[4]


@pytest.fixture(scope="session")
def protocol_samples() -> Path:
    """The folder of WeCom samples and vectors collected from public SDKs."""
    data = Path(os.environ.get("YUTANG_TEST_DATA", CHECKOUT.parent / "shared" / "data"))
    folder = data / "wecom_protocol"
    if not folder.is_dir():
        pytest.skip(f"no protocol samples at {folder}; set YUTANG_TEST_DATA to the folder that holds wecom_protocol/")
    return folder


@pytest.fixture(scope="session")
def crypto_vectors(protocol_samples: Path) -> list[dict[str, Any]]:
    vectors: list[dict[str, Any]] = json.loads((protocol_samples / "crypto_vectors.json").read_text())
    return vectors


@pytest.fixture(scope="session")
def callback_samples(protocol_samples: Path) -> list[dict[str, Any]]:
    return _json_lines(protocol_samples / "callbacks.jsonl.gz")


@pytest.fixture(scope="session")
def api_samples(protocol_samples: Path) -> list[dict[str, Any]]:
    return _json_lines(protocol_samples / "api_samples.jsonl.gz")


def _json_lines(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]

import os
import stat
import threading
from pathlib import Path

import pytest
from django.test import override_settings

from yutang.kernel.encrypted import SecretUnreadable, seal, unseal
from yutang.kernel.secret_key import load_secret_key


def test_a_secret_comes_back_and_looks_like_nothing_at_rest() -> None:
    sealed = seal("corp-secret 密钥")
    assert "corp" not in sealed
    assert unseal(sealed) == "corp-secret 密钥"
    assert seal("") == unseal("") == ""


def test_a_secret_of_another_key_says_so() -> None:
    sealed = seal("x")
    with override_settings(SECRET_KEY="another"), pytest.raises(SecretUnreadable):
        unseal(sealed)


def test_the_key_file_is_made_once_and_for_its_owner_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("YUTANG_SECRET_KEY", raising=False)
    keys: list[str] = []
    threads = [threading.Thread(target=lambda: keys.append(load_secret_key(tmp_path))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(keys) == 8
    assert len(set(keys)) == 1
    assert stat.S_IMODE(os.stat(tmp_path / "secret.key").st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret.key"]

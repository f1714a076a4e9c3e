"""The same person has the same key next month; the key file is its owner's alone."""

import stat
from pathlib import Path

import pytest

from feigong.core.errors import FeigongError
from feigong.exchange.pseudonym import ENVIRONMENT, default_key_file, load_key, pseudonymiser


def test_same_key_same_pseudonym_other_key_another() -> None:
    one, again, other = (pseudonymiser(k) for k in (b"a" * 32, b"a" * 32, b"b" * 32))
    assert one("210502198001010012") == again("210502198001010012")
    assert one("210502198001010012") != other("210502198001010012")
    assert one("210502198001010012") != one("210502198001010013")
    assert "210502" not in one("210502198001010012")
    # HMAC-SHA256 test vector (RFC 4231, case 2), shortened to 96 bits
    assert pseudonymiser(b"Jefe")("what do ya want for nothing?") == "P" + "5bdcc146bf60754e6a042426"


def test_the_key_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    first = load_key(None, {}, tmp_path)
    file = default_key_file(tmp_path)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert load_key(None, {}, tmp_path) == first
    assert len(first) == 64


def test_a_named_file_wins_over_the_environment(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("k" * 20 + "\n", encoding="ascii")
    assert load_key(file, {ENVIRONMENT: "e" * 20}, tmp_path) == b"k" * 20
    assert load_key(None, {ENVIRONMENT: "e" * 20}, tmp_path) == b"e" * 20
    assert not default_key_file(tmp_path).exists()


def test_a_short_key_and_a_key_that_cannot_be_made_are_errors(tmp_path: Path) -> None:
    with pytest.raises(FeigongError) as caught:
        load_key(None, {ENVIRONMENT: "short"}, tmp_path)
    assert caught.value.reason.code == "error.key_short"
    (tmp_path / "file").write_text("x", encoding="ascii")
    with pytest.raises(FeigongError) as caught:
        load_key(tmp_path / "file" / "key", {}, tmp_path)
    assert caught.value.reason.code == "error.key_unreadable"

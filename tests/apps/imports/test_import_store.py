"""Files handed in lie sealed on the disk; their plain content never does."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from django.conf import settings

from feigong.apps.imports import store
from feigong.apps.seals import blobs
from feigong.apps.seals.keyring import keyring

# The first key is made only where nothing is sealed yet: the database is asked.
pytestmark = pytest.mark.django_db
CONTENT = "姓名,身份证号\n钟舒岩,990101198001010014\n".encode()


def test_what_is_kept_comes_back_and_is_sealed_on_the_disk() -> None:
    place = store.keep(CONTENT)
    assert store.fetch(place) == CONTENT
    lying = (Path(settings.HOME) / "uploads" / place).read_bytes()
    assert b"990101198001010014" not in lying
    assert blobs.key_of(lying) == keyring().current
    assert (Path(settings.HOME) / "uploads" / place).stat().st_mode & 0o077 == 0


def test_a_file_that_was_altered_does_not_open() -> None:
    kept = bytearray(blobs.seal_bytes(CONTENT))
    kept[-1] ^= 1
    with pytest.raises(InvalidTag):
        blobs.open_bytes(bytes(kept))


def test_a_reader_gets_a_path_whose_content_is_in_memory() -> None:
    with store.as_file(CONTENT, "名册.CSV") as path:
        assert path.suffix == ".csv"
        assert path.read_bytes() == CONTENT
        assert str(path.resolve()).startswith("/memfd:")
        folder = path.parent
    assert not folder.exists()


def test_what_is_removed_is_gone() -> None:
    place = store.keep(CONTENT)
    assert place in store.places()
    store.remove(place)
    assert place not in store.places()
    store.remove(place)  # twice is no fault

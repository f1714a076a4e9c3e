"""The key file: made once, read as it is now, never made anew over what was written with others."""

import json
from pathlib import Path
from threading import Thread

import pytest

from feigong.apps.accounts.actors import operator
from feigong.apps.audit.recording import changing
from feigong.apps.seals.keyring import add_key, drop_keys, keyring, make_first_keys, make_keys, read_keys
from feigong.apps.seals.seals import open_seal, seal
from feigong.core.errors import FeigongError

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path: Path, settings: object) -> Path:
    settings.KEYS = tmp_path / "keys" / "seals.json"  # type: ignore[attr-defined]
    return tmp_path / "keys" / "seals.json"


def code_of(refused: pytest.ExceptionInfo[FeigongError]) -> str:
    return refused.value.reason.code


def test_an_empty_installation_gets_its_keys_by_itself(file: Path) -> None:
    ring = keyring()
    assert ring.current == "k1"
    assert file.stat().st_mode & 0o777 == 0o600
    assert len({ring.sealing["k1"], ring.index_key, ring.audit_key}) == 3
    assert all(len(k) == 32 for k in (ring.sealing["k1"], ring.index_key, ring.audit_key))
    assert [p.name for p in file.parent.iterdir()] == ["seals.json"]


def test_keys_are_not_made_anew_where_something_was_recorded(file: Path) -> None:
    with changing(operator("clerk"), "test"):
        pass
    file.unlink()
    for make in (keyring, make_first_keys):
        with pytest.raises(FeigongError) as refused:
            make()
        assert code_of(refused) == "error.keys.missing"
    assert not file.exists()


def test_a_record_is_not_chained_with_the_keys_of_another_database(file: Path) -> None:
    with changing(operator("clerk"), "test"):
        pass
    file.unlink()
    make_keys(file)
    with pytest.raises(FeigongError) as refused, changing(operator("clerk"), "test"):
        pass
    assert code_of(refused) == "error.keys.other"


def test_keys_are_never_written_over(file: Path) -> None:
    make_first_keys()
    before = file.read_bytes()
    with pytest.raises(FeigongError) as refused:
        make_first_keys()
    assert code_of(refused) == "error.keys.exist"
    with pytest.raises(FileExistsError):
        make_keys(file)
    assert file.read_bytes() == before
    assert len(list(file.parent.iterdir())) == 1


def test_makers_at_the_same_moment_agree(file: Path) -> None:
    file.parent.mkdir()
    outcomes: list[str] = []

    def maker() -> None:
        try:
            make_keys(file)
            outcomes.append("made")
        except FileExistsError:
            outcomes.append("there")

    threads = [Thread(target=maker) for _ in range(8)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert sorted(outcomes) == ["made"] + ["there"] * 7


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604])
def test_a_file_that_others_can_read_is_refused(file: Path, mode: int) -> None:
    make_first_keys()
    file.chmod(mode)
    with pytest.raises(FeigongError) as refused:
        keyring()
    assert code_of(refused) == "error.keys.open_to_others"
    file.chmod(0o600)
    assert keyring().current == "k1"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda c: "{",
        lambda c: json.dumps({**c, "current": "k7"}),
        lambda c: json.dumps({**c, "audit": "AAAA"}),
        lambda c: json.dumps({k: v for k, v in c.items() if k != "index"}),
        lambda c: json.dumps({**c, "sealing": {"k1": "no base64"}}),
        lambda c: json.dumps([c]),
    ],
)
def test_a_broken_file_is_refused(file: Path, spoil: object) -> None:
    make_first_keys()
    file.write_text(spoil(json.loads(file.read_text())))  # type: ignore[operator]
    with pytest.raises(FeigongError) as refused:
        keyring()
    assert code_of(refused) == "error.keys.unreadable"


def test_a_new_key_seals_at_once_and_old_seals_still_open(file: Path) -> None:
    old = seal("13800001234", "member.phone")
    ring = add_key(keyring(), "2026-11-01T00:00:00+00:00")
    assert (ring.current, sorted(ring.sealing)) == ("k2", ["k1", "k2"])
    assert ring.replaced == {"k1": "2026-11-01T00:00:00+00:00"}
    new = seal("13800001234", "member.phone")
    assert new.startswith("k2:")
    assert open_seal(old, "member.phone") == open_seal(new, "member.phone") == "13800001234"
    assert (ring.index_key, ring.audit_key) == (read_keys(file).index_key, read_keys(file).audit_key)
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_dropped_key_opens_nothing_and_its_name_is_not_used_again(file: Path) -> None:
    old = seal("13800001234", "member.phone")
    drop_keys(add_key(keyring(), "2026-11-01T00:00:00+00:00"), frozenset({"k1"}))
    with pytest.raises(FeigongError) as refused:
        open_seal(old, "member.phone")
    assert code_of(refused) == "error.keys.unknown"
    ring = drop_keys(add_key(keyring(), "2026-11-02T00:00:00+00:00"), frozenset({"k2"}))
    assert add_key(ring, "2026-11-03T00:00:00+00:00").current == "k4"


def test_two_who_change_the_keys_do_not_undo_each_other(file: Path) -> None:
    seen = keyring()
    add_key(seen, "2026-11-01T00:00:00+00:00")
    for change in (lambda: add_key(seen, ""), lambda: drop_keys(seen, frozenset())):
        with pytest.raises(FeigongError) as refused:
            change()
        assert code_of(refused) == "error.keys.changed_meanwhile"
    assert keyring().current == "k2"
    with pytest.raises(FeigongError):
        drop_keys(keyring(), frozenset({"k2"}))


def test_another_process_sees_a_file_put_in_place(file: Path) -> None:
    make_first_keys()
    first = keyring()
    elsewhere = file.with_name("other.json")
    make_keys(elsewhere)
    elsewhere.replace(file)
    assert keyring().index_key != first.index_key

"""Sealing, finding by exact value, and what the audit notes instead."""

import pytest
from django.test import override_settings

from feigong.apps.roll.models import MemberState, WorkerState
from feigong.apps.seals.fields import sealed_models, sealed_values, without_seals
from feigong.apps.seals.seals import index_of, marker, open_seal, same_text, seal
from feigong.core.errors import FeigongError

pytestmark = pytest.mark.django_db

ID = "33010219900101123X"


@pytest.mark.parametrize("cipher", ["aes-gcm", "sm4-gcm"])
def test_what_is_sealed_opens_for_its_purpose_only(cipher: str) -> None:
    with override_settings(CIPHER=cipher):
        sealed = seal(ID, "member.id_number")
    assert sealed.startswith(f"k1:{cipher}:")
    assert ID not in sealed
    assert open_seal(sealed, "member.id_number") == ID  # whatever the setting is now
    with pytest.raises(FeigongError) as refused:
        open_seal(sealed, "member.phone")
    assert refused.value.reason.code == "error.seals.broken"


def test_an_altered_seal_does_not_open() -> None:
    sealed = seal("13800001234", "member.phone")
    at = len(sealed) - 6
    altered = sealed[:at] + ("A" if sealed[at] != "A" else "B") + sealed[at + 1 :]
    for broken in (altered, sealed[:-8], "k1:aes-gcm:", "no seal"):
        with pytest.raises(FeigongError) as refused:
            open_seal(broken, "member.phone")
        assert refused.value.reason.code == "error.seals.broken"


def test_a_seal_of_an_unknown_key_or_cipher_says_so() -> None:
    for sealed, code in (("k9:aes-gcm:AAAA", "error.keys.unknown"), ("k1:rot-13:AAAA", "error.seals.cipher")):
        with pytest.raises(FeigongError) as refused:
            open_seal(sealed, "member.phone")
        assert refused.value.reason.code == code


def test_the_empty_text_stays_empty() -> None:
    assert (seal("", "member.phone"), open_seal("", "member.phone"), index_of(" ", "member.phone")) == ("", "", "")
    assert marker("", "member.phone", "1") == ""


def test_the_same_text_sealed_twice_looks_different_and_is_the_same() -> None:
    one, other = seal(ID, "member.id_number"), seal(ID.lower(), "member.id_number")
    assert one != other
    assert same_text(one, other, "member.id_number")
    assert not same_text(one, seal("330102199001011248", "member.id_number"), "member.id_number")
    assert not same_text(one, "k1:aes-gcm:AAAA", "member.id_number")


@pytest.mark.parametrize(
    ("purpose", "typed", "same"),
    [
        ("member.id_number", "33010219900101123X", "３３０１０２19900101123x"),
        ("member.id_number", "33010219900101123X", " 330102 19900101 123X "),
        ("member.phone", "13800001234", "138-0000-1234"),
        ("member.phone", "13800001234", "+86 138 0000 1234"),
        ("member.phone", "13800001234", "008613800001234"),
        ("member.phone", "057188123456", "0571-88123456"),
    ],
)
def test_an_exact_value_is_found_however_it_is_typed(purpose: str, typed: str, same: str) -> None:
    assert index_of(typed, purpose) == index_of(same, purpose)
    assert len(index_of(typed, purpose)) == 44


def test_indexes_differ_by_text_and_kind_not_by_table() -> None:
    assert index_of("13800001234", "member.phone") != index_of("13800001235", "member.phone")
    assert index_of("13800001234", "member.phone") != index_of("13800001234", "member.id_number")
    assert index_of("13800001234", "member.phone") == index_of("13800001234", "worker.phone")


def test_markers_tell_texts_and_people_apart_and_outlive_the_seal() -> None:
    one = seal("13800001234", "member.phone")
    again = marker(seal("138 0000 1234", "member.phone"), "member.phone", "7")
    assert marker(one, "member.phone", "7") == again
    assert again.startswith("sealed:")
    assert marker(one, "member.phone", "8") != again
    assert marker(seal("13800001235", "member.phone"), "member.phone", "7") != again
    assert marker("k1:aes-gcm:AAAA", "member.phone", "7") == "sealed:unreadable"


def test_every_sealed_column_has_a_purpose_of_its_own() -> None:
    assert {MemberState, WorkerState} <= set(sealed_models())
    purposes = [f.purpose for model in sealed_models() for f in model._meta.concrete_fields if hasattr(f, "purpose")]
    assert all(purposes)
    assert len(purposes) == len(set(purposes))


def test_columns_for_plain_texts_and_what_the_audit_notes_of_them() -> None:
    columns = sealed_values(MemberState, {"id_number": ID, "phone": ""})
    assert set(columns) == {"id_number", "id_index", "phone", "phone_index"}
    assert open_seal(columns["id_number"], "member.id_number") == ID
    assert columns["id_index"] == index_of(ID, "member.id_number")
    assert (columns["phone"], columns["phone_index"]) == ("", "")
    noted = without_seals(MemberState, {"name": "张三", **columns}, "7")
    expected = marker(columns["id_number"], "member.id_number", "7")
    assert noted == {"name": "张三", "id_number": expected, "phone": ""}

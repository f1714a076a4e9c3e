"""Forms of records: one column, prefilled, with the day from which it holds. Only what was altered is sent on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, ClassVar, Final, cast

from django import forms

from feigong.apps.clock import today
from feigong.core.errors import FeigongError
from feigong.web.lists.fills import industries
from feigong.web.records.shown import LABELS, REFERENCES, SEALED, Names
from feigong.wording import Words

_CODE_FIELDS: Final = {
    "error.roll.id_number": "id_number", "error.roll.id_number_taken": "id_number", "error.roll.phone": "phone",
    "error.roll.industry": "industry", "error.roll.uscc": "uscc", "error.roll.uscc_taken": "uscc",
    "error.roll.half_a_point": "longitude", "error.roll.area_code": "code", "error.roll.slots": "free_text",
    "error.roll.on": "on", "error.roll.reason_missing": "reason", "error.roll.outside": "area_id",
    "error.roll.tree_cycle": "parent_id", "error.roll.tree_orphan": "parent_id", "error.roll.tree_deep": "parent_id",
    "error.roll.host_choose": "host_id", "error.roll.no_host": "host_id",
}  # fmt: skip
_DEAR: Final = ("on", "reason", "version", "seen")


class Picker(forms.TextInput):
    """A record named by typing a part of its name: the number is posted, the name is shown (`picker.js`)."""

    template_name = "records/_picker.html"

    def __init__(self, what: str) -> None:
        super().__init__()
        self.what = what
        self.shown = ""

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"] |= {"what": self.what, "shown": self.shown}
        return context


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def text(most: int, *, required: bool = False, lines: int = 0, **attrs: str) -> forms.CharField:
    widget: forms.Widget = forms.Textarea({"rows": lines, **attrs}) if lines else forms.TextInput(attrs)
    return forms.CharField(max_length=most, required=required, widget=widget)


def named(what: str, *, required: bool = False) -> forms.IntegerField:
    return forms.IntegerField(min_value=1, required=required, widget=Picker(what))


def choice(values: Iterable[str], *, required: bool = True) -> forms.ChoiceField:
    """Its words are filled in when the language is known: `family.value`."""
    return forms.ChoiceField(choices=[(v, v) for v in values], required=required)


def day() -> forms.DateField:
    return forms.DateField(required=False, widget=DayInput())


def whole(most: int = 1_000_000) -> forms.IntegerField:
    return forms.IntegerField(min_value=0, max_value=most, required=False)


def degrees(most: int) -> forms.FloatField:
    attrs = {"step": "any", "inputmode": "decimal"}
    return forms.FloatField(min_value=-most, max_value=most, required=False, widget=forms.NumberInput(attrs))


def tick() -> forms.BooleanField:
    return forms.BooleanField(required=False)


def sealed() -> forms.CharField:
    widget = forms.TextInput({"autocomplete": "off", "spellcheck": "false"})
    return forms.CharField(max_length=40, required=False, widget=widget)


def perhaps() -> forms.TypedChoiceField:
    """Yes, no, or not known."""
    coerced = {"true": True, "false": False}
    codes = [("", ""), ("true", "value.yes"), ("false", "value.no")]
    return forms.TypedChoiceField(choices=codes, coerce=coerced.get, empty_value=None, required=False)


class RecordForm(forms.Form):
    """``families``: words of choices. ``groups``: headings with the fields under them, in order."""

    families: ClassVar[Mapping[str, str]] = {}
    groups: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]]

    on = forms.DateField(widget=DayInput())
    reason = forms.CharField(max_length=300, required=False)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput())
    seen = forms.CharField(required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, words: Words, names: Names, old: Mapping[str, Any] | None = None, **kwargs: Any):
        self.words = words
        self.old = dict(old or {})
        kwargs.setdefault("initial", {**self.start(self.old), "on": today(), **kwargs.pop("more", {})})
        kwargs["label_suffix"] = ""
        super().__init__(*args, **kwargs)
        self.order_fields([n for _, fields in self.groups for n in fields])
        for name, field in self.fields.items():
            self._dress(name, field, names)

    def start(self, old: Mapping[str, Any]) -> dict[str, Any]:
        """What the form shows of a record; nothing of what is sealed."""
        shown = {n: v for n, v in old.items() if n in self.base_fields and n not in SEALED}
        flat = {True: "true", False: "false"}
        perhaps_fields = (n for n, f in self.base_fields.items() if isinstance(f, forms.TypedChoiceField))
        return shown | {n: flat.get(old[n], "") for n in perhaps_fields if n in old}

    def _dress(self, name: str, field: forms.Field, names: Names) -> None:
        """Words in the language of the page, limits of days, names of what is pointed to."""
        words = self.words
        if isinstance(field.widget, forms.HiddenInput):
            return
        field.label = words.word(LABELS.get(name, f"field.{name}"))
        if isinstance(field, forms.TypedChoiceField):
            field.choices = [("", words.word("value.unknown")), *((c, words.word(w)) for c, w in _coded(field) if c)]
        elif name == "industry" and isinstance(field, forms.ChoiceField):
            field.choices = [("", ""), *((code, f"{code} {title}") for code, title in sorted(industries().items()))]
        elif isinstance(field, forms.ChoiceField):
            family = self.families[name]
            field.choices = [(v, words.word(f"{family}.{v}")) for v, _ in _coded(field)]
        if isinstance(field, forms.DateField):
            field.widget.attrs |= {"min": "1949-10-01", "max": "2199-12-31"}
        if isinstance(field.widget, Picker):
            value = self._number(name)
            field.widget.shown = names.of(REFERENCES[name], value) if value else ""
        if name in SEALED and self.old.get(name):
            field.widget.attrs["placeholder"] = words.word("web.records.sealed_keep")
        if words.has(f"help.{name}"):
            field.help_text = words.word(f"help.{name}")
        if field.required and not isinstance(field, forms.BooleanField):
            field.error_messages["required"] = words.word("error.roll.field_missing", field=name)

    def _number(self, name: str) -> int | None:
        value = self.data.get(self.add_prefix(name)) if self.is_bound else self.initial.get(name)
        return int(str(value)) if str(value or "").isdecimal() else None

    def sections(self) -> list[tuple[str, list[Any]]]:
        return [(code, [self[n] for n in fields if n in self.fields]) for code, fields in self.groups]

    def given(self) -> dict[str, Any]:
        """What the person wrote, by attname; a sealed field only where something was written."""
        return {
            n: v for n, v in self.cleaned_data.items()
            if n not in _DEAR and not n.startswith("clear_") and (n not in SEALED or v)
        }  # fmt: skip

    def changes(self) -> dict[str, Any]:
        """What differs from the record as it was shown."""
        cleared = {n: "" for n in SEALED if self.cleaned_data.get(f"clear_{n}") and not self.cleaned_data.get(n)}
        altered = {n: v for n, v in self.given().items() if n in SEALED or not same(v, self.old.get(n))}
        return altered | cleared

    def refuse(self, error: FeigongError) -> None:
        """The sentence of a refusal, beside its field where it has one."""
        code = error.reason.code
        name = str(error.reason.params.get("field", "") or _CODE_FIELDS.get(code, ""))
        name = "superior_id" if name == "parent_id" and name not in self.fields else name
        self.add_error(name if name in self.fields else None, self.words.say(error.reason))

    @property
    def day(self) -> date:
        found: date = self.cleaned_data["on"]
        return found


def _coded(field: forms.ChoiceField) -> list[tuple[str, str]]:
    """The choices as they were declared: a code, and the word it stands for."""
    return list(cast(Iterable[tuple[str, str]], field.choices))


def same(one: Any, other: Any) -> bool:
    """Whether two values of a field say the same; what is empty is like what is not known."""
    return one == other or (one in (None, "") and other in (None, ""))

"""What the documents say of the platform is there: paths, addresses and their names, words of the pages, figures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml
from django.contrib.auth.password_validation import MinimumLengthValidator, get_default_password_validators
from django.urls import NoReverseMatch, Resolver404, get_resolver, resolve, reverse

from architecture.project import ROOT, SOURCE, kept_files, shown
from feigong.apps.accounts.roles import Role
from feigong.apps.imports.choices import Verdict
from feigong.apps.imports.limits import limits
from feigong.apps.roll.actions.reveal import LEAST_REASON
from feigong.web.navigation import MENU
from feigong.wording import Words

DOCUMENTS = tuple(p for p in kept_files() if p.suffix == ".md")
GUIDES = {language: ROOT / "docs" / "guide" / f"{language}.md" for language in ("zh", "en")}
SPAN = re.compile(r"`([^`\n]+)`")
BLOCK = re.compile(r"```sh\n(.*?)```", flags=re.DOTALL)
INSIDE = re.compile(r"^(?:apps|web|api|cli|core|config|data|wording|exchange)/[\w./-]*\w$")
ADDRESS = re.compile(r"^/(?:[\w-]+/)+$|^/api/v1/[\w./-]+$")
NAME = re.compile(r"^([a-z_]+):([a-z_]+)$")
TARGET = re.compile(r"^\s*(?:[A-Z_]+=\S+ )*make (?:-C \S+ )?([a-z-]+)", flags=re.MULTILINE)
ANCHOR = re.compile(r"\]\(([^)#\s:]*)#([^)\s]+)\)")
QUOTED = re.compile(r"“([^”]+)”")


def _spans(text: str) -> list[str]:
    return SPAN.findall(re.sub(r"```.*?```", "", text, flags=re.DOTALL))


@pytest.mark.parametrize("document", DOCUMENTS, ids=shown)
def test_parts_of_the_house_that_are_named_are_there(document: Path) -> None:
    named = [span for span in _spans(document.read_text(encoding="utf-8")) if INSIDE.match(span)]
    places = (SOURCE, ROOT / "src", document.parent)
    assert [path for path in named if not any((place / path).exists() for place in places)] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=shown)
def test_addresses_and_their_names_are_served(document: Path) -> None:
    missing = []
    namespaces = {str(name) for name in get_resolver().namespace_dict}
    for span in _spans(document.read_text(encoding="utf-8")):
        if ADDRESS.match(span) and not _served(span):
            missing.append(span)
        found = NAME.match(span)
        if found and found[1] in namespaces and not _named(span):
            missing.append(span)
    assert missing == []


def _served(address: str) -> bool:
    try:
        return resolve(address).url_name != "nothing"  # the API answers for every address below its own
    except Resolver404:
        return False


def _named(name: str) -> bool:
    """Whether an address of this name is there, with whatever it takes."""
    space, _, code = name.partition(":")
    try:
        reverse(name)
    except NoReverseMatch:
        _, resolver = get_resolver().namespace_dict.get(space, ("", None))
        return resolver is not None and code in resolver.reverse_dict
    return True


def _targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))


@pytest.mark.parametrize("document", DOCUMENTS, ids=shown)
def test_make_targets_in_blocks_exist(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    code = "\n".join([*BLOCK.findall(text), *_spans(text)])
    assert sorted(set(TARGET.findall(code)) - _targets()) == []


def _headings(document: Path) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", document.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("document", DOCUMENTS, ids=shown)
def test_headings_that_are_linked_to_are_there(document: Path) -> None:
    links = ANCHOR.findall(document.read_text(encoding="utf-8"))
    assert [(to, at) for to, at in links if at not in _headings(document.parent / to if to else document)] == []


# The user guide -----------------------------------------------------------------------------------------------------


@cache
def _pages(language: str) -> tuple[str, ...]:
    """Every word and sentence of the pages."""
    files = sorted((SOURCE / "wording" / language).glob("*.yaml"))
    return tuple(str(text) for file in files for text in yaml.safe_load(file.read_text(encoding="utf-8")).values())


def _part_on_pages(language: str) -> str:
    text = GUIDES[language].read_text(encoding="utf-8")
    return re.split(r"^## (?:九、|9\. )", text, flags=re.MULTILINE)[0]


def _said(quoted: str, sentences: tuple[str, ...]) -> bool:
    """Whether some page says this; ``…`` stands for a value in it."""
    wanted = re.sub(r"[\s…]", "", quoted).casefold()
    return any(wanted in re.sub(r"\{[^}]*\}|\s", "", text).casefold() for text in sentences)


@pytest.mark.parametrize("language", GUIDES)
def test_what_the_guide_quotes_stands_on_a_page(language: str) -> None:
    quoted = set(QUOTED.findall(_part_on_pages(language)))
    assert len(quoted) > 10
    assert sorted(q for q in quoted if not _said(q, _pages(language))) == []


def _screens(language: str) -> Iterator[str]:
    for _, screens in MENU:
        for screen in screens:
            if _named(screen.url) and screen.code != "home":
                yield Words(language).word(f"web.menu.{screen.code}")


@pytest.mark.parametrize("language", GUIDES)
def test_the_guide_tells_of_every_screen_and_role(language: str) -> None:
    words, text = Words(language), _part_on_pages(language).casefold()
    wanted = {*_screens(language), *(words.word(f"import_verdict.{v.value}") for v in Verdict)}
    roles = {role for role in Role if role not in (Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR)}
    wanted |= {words.word(f"role.{role.value}") for role in roles}  # the three administrators stand in one line
    assert sorted(word for word in wanted if word.casefold() not in text) == []


@pytest.mark.parametrize(
    ("language", "password", "reason", "days"),
    [("zh", "密码至少 {} 位", "至少 {} 个字", "放弃 {} 天后"),
     ("en", "password of at least {} characters", "({} characters or more)", "{} days after the import")],
)  # fmt: skip
def test_figures_of_the_guide_are_those_of_the_program(language: str, password: str, reason: str, days: str) -> None:
    text = _part_on_pages(language)
    lengths = [v.min_length for v in get_default_password_validators() if isinstance(v, MinimumLengthValidator)]
    assert len(lengths) == 1
    assert password.format(lengths[0]) in text
    assert reason.format(LEAST_REASON) in text
    assert days.format(limits().keep_days) in text


def test_both_guides_have_the_same_parts_and_commands() -> None:
    chinese, english = (guide.read_text(encoding="utf-8") for guide in GUIDES.values())
    assert re.findall(r"^#{2,3} ", chinese, flags=re.MULTILINE) == re.findall(r"^#{2,3} ", english, flags=re.MULTILINE)
    found = [re.findall(r"^feigong (\w+)", text, flags=re.MULTILINE) for text in (chinese, english)]
    assert found[0] == found[1]


def test_decisions_are_numbered_without_gaps_and_say_what_was_needed_and_picked() -> None:
    records = sorted((ROOT / "docs" / "decisions").glob("0*.md"))
    assert [int(p.name[:4]) for p in records] == list(range(1, len(records) + 1))
    for record in records[12:]:  # the first twelve are shorter
        text = record.read_text(encoding="utf-8")
        assert text.startswith(f"# {record.name[:4]} "), record.name
        assert "**Needed.**" in text, record.name
        assert "**Picked.**" in text, record.name

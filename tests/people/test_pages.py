"""The pages that the web app offers to a post are pages whose reads the server grants to it."""

import re
from pathlib import Path

import pytest

from bihuan.people.rules import Permission, Role, permissions_of

PAGES = (Path(__file__).parents[2] / "web/src/app/pages.ts").read_text(encoding="utf-8")
# Pages that show nothing the server guards by a permission.
FREE = {"/system/health", "/system/design"}


def lists() -> dict[str, list[str]]:
    """The named lists of roles at the top of pages.ts."""
    known: dict[str, list[str]] = {}
    for name, items in re.findall(r"^const (\w+): readonly Role\[\] = \[(.*)\];$", PAGES, re.MULTILINE):
        known[name] = roles_in(items, known)
    return known


def roles_in(items: str, known: dict[str, list[str]]) -> list[str]:
    """The roles of one array, its spread lists included.

    >>> roles_in('...both, "engineer"', {"both": ["operator", "advisor"]})
    ['operator', 'advisor', 'engineer']
    """
    found: list[str] = []
    for spread, role in re.findall(r'\.\.\.(\w+)|"(\w+)"', items):
        found += known[spread] if spread else [role]
    return found


def pages() -> list[tuple[str, list[str], str]]:
    """Path, roles and needed permission of every page in the table."""
    known = lists()
    return [
        (path, roles_in(roles, known), needs)
        for path, roles, needs in re.findall(
            r'\{\s+path: "([^"]+)",(?:(?!\n  \}).)*?roles: \[([^\]]*)\],\s*(?:needs: "([^"]+)",)?', PAGES, re.DOTALL
        )
    ]


def test_the_table_is_read_whole() -> None:
    assert len(pages()) == PAGES.count("    roles: [") > 20


@pytest.mark.parametrize(("path", "roles", "needs"), pages(), ids=lambda value: value if isinstance(value, str) else "")
def test_nobody_is_offered_a_page_that_answers_forbidden(path: str, roles: list[str], needs: str) -> None:
    if path in FREE:
        assert not needs
        return
    refused = [role for role in roles if Permission(needs) not in permissions_of([Role(role)])]
    assert refused == []

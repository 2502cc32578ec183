"""What a page says, as a reader meets it."""

import re
from html import unescape
from typing import Any

from django.test import Client
from django.utils.html import strip_tags

from allmende.spine.people.enums import Role
from tests.factories import make_account


def signed_in(*roles: Role) -> Client:
    client = Client()
    client.force_login(make_account(*roles), backend="allmende.spine.people.backends.Backend")
    return client


def text_of(response: Any) -> str:
    body = response.content.decode()
    main = re.search(r"<main.*</main>", body, re.DOTALL)
    assert main
    return " ".join(unescape(strip_tags(main.group(0).replace("><", "> <"))).replace("\xa0", " ").split())


def rows_of(response: Any, caption: str) -> list[list[str]]:
    """The cells of the table with that caption."""
    for found in re.findall(r"<table.*?</table>", response.content.decode(), re.DOTALL):
        if re.search(rf"<caption[^>]*>{re.escape(caption)}</caption>", found):
            lines = re.findall(r"<tr>(.*?)</tr>", found, re.DOTALL)[1:]
            cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", line, re.DOTALL) for line in lines]
            return [[unescape(strip_tags(cell)).replace("\xa0", " ").strip() for cell in line] for line in cells]
    raise AssertionError(f"no table {caption!r}")


def body_of(response: Any) -> str:
    return (b"".join(response.streaming_content) if response.streaming else response.content).decode()

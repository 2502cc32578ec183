"""Helpers of this folder."""

import re
from typing import Any

from django.test import Client
from django.urls import reverse

from tests.factories import PASSWORD

GERMAN = {"Accept-Language": "de"}


def log_in(client: Client, account: Any, **extra: Any) -> Any:
    """Through the real form."""
    return client.post(reverse("account_login"), {"login": account.email, "password": PASSWORD}, **extra)


def signed_in(client: Client) -> bool:
    return client.get(reverse("people:my_settings")).status_code == 200


def confirm(client: Client) -> None:
    """Say the password once more, as pages about security ask."""
    assert client.post(reverse("account_reauthenticate"), {"password": PASSWORD}).status_code == 302


def code_in(message: Any) -> str:
    """The code on a line of its own."""
    found = re.search(r"^([A-Z0-9-]{6,12})$", message.body, re.MULTILINE)
    assert found, message.body
    return found[1]


def link_in(message: Any) -> str:
    found = re.search(r"https?://[^/\s]+(/\S+)", message.body)
    assert found, message.body
    return found[1]

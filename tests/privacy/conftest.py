from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import PASSWORD


@pytest.fixture(autouse=True)
def data_root(tmp_path: Path, settings: Any) -> Iterator[Path]:
    settings.DATA = tmp_path
    yield tmp_path


@pytest.fixture
def sign_in(client: Client) -> Callable[..., Client]:
    """Sign in; with `afresh` also prove the password again, as the pages ask."""

    def enter(account: Any, afresh: bool = True) -> Client:
        client.force_login(account, backend="allmende.spine.people.backends.Backend")
        if afresh:
            answer = client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
            assert answer.status_code == 302
        return client

    return enter

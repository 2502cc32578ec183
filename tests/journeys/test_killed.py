"""Every process of the town may be killed at any time: the supervisor starts it again and the site answers."""

import os
import signal
import urllib.request

import pytest

from .site import Site, until

pytestmark = pytest.mark.browser


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=10) as page:
            return bool(page.status == 200 and b"</html>" in page.read())
    except OSError:
        return False


@pytest.mark.parametrize("name", ["web", "worker", "pump", "live"])
def test_a_killed_process_comes_back(site: Site, name: str) -> None:
    before = site.process(name)
    assert before.pid is not None
    os.kill(before.pid, signal.SIGKILL)

    def back() -> bool:
        now = site.process(name)
        return now.state == "running" and now.pid != before.pid and now.restarts == before.restarts + 1

    until(back, f"{name} runs again")
    until(lambda: answers(f"{site.url}/massnahmen/"), "the site answers")

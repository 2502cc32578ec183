"""What has to happen before some pages can be seen."""

import itertools
from typing import Any

from .people import GUARDED, sign_in

_number = itertools.count(1)


def sent_empty(page: Any) -> None:
    """A form sent without what it needs: the page with its errors."""
    page.locator("main form[method=post] button").last.click()
    page.wait_for_selector(".al-errors")


def tried_out(page: Any) -> None:
    """A decision tried with nothing entered: the result and the way to it."""
    page.locator("main button[value=try]").click()
    page.wait_for_selector("#result")


def wrong_password(page: Any) -> None:
    page.fill("input[name=login]", f"niemand{next(_number)}@example.org")
    page.fill("input[name=password]", "das ist falsch")
    with page.expect_navigation():
        page.press("input[name=password]", "Enter")


def half_signed_in(page: Any) -> None:
    """The password is right, the second factor is asked for."""
    sign_in(page, GUARDED)


def signed_up(page: Any) -> None:
    page.fill("input[name=email]", f"neu{next(_number)}@example.org")
    page.fill("input[name=password1]", "ein langer Satz 7")
    page.fill("input[name=password2]", "ein langer Satz 7")
    with page.expect_navigation():
        page.press("input[name=password2]", "Enter")

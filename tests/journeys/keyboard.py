"""Hands that use nothing but the keyboard."""

from typing import Any

from playwright.sync_api import APIResponse, Route

# What assistive technology would call the element that has the focus. Works on pages that run no script too.
FOCUSED = """() => {
  const element = document.activeElement;
  const label = element.labels && element.labels[0];
  const named = element.getAttribute("aria-label");
  let text = named || (label ? label.firstChild.textContent : element.innerText || element.textContent);
  return text.trim().replace(/\\s+/g, " ");
}"""
FURTHEST = 150


class Keyboard:
    """Tab, Enter and letters on one page."""

    def __init__(self, page: Any) -> None:
        self.page = page

    def to(self, name: str) -> None:
        """Tab on until `name` has the focus, and see that it shows."""
        passed = []
        for _ in range(FURTHEST):
            if (here := self.page.evaluate(FOCUSED)) == name:
                outline = self.page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
                assert outline != "none", f"{name} shows no focus"
                return
            passed.append(here[:30])
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{name!r} is not reached on {self.page.url}; passed {passed[:60]}")

    def press(self, name: str) -> None:
        """Go to a link or button and press it; the next page is there afterwards."""
        self.to(name)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def skip(self) -> None:
        """Leave out the menus of a page that has just come: its first link."""
        self.to("Zum Inhalt springen")
        self.page.keyboard.press("Enter")

    def type(self, name: str, text: str) -> None:
        """Go to a field and type at the end of what is in it."""
        self.to(name)
        self.page.keyboard.press("Control+End")
        self.page.keyboard.type(text)

    def replace(self, name: str, text: str) -> None:
        """Go to a field and type instead of what is in it."""
        self.to(name)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def tick(self, name: str) -> None:
        """Go to a box and tick it."""
        self.to(name)
        self.page.keyboard.press("Space")

    def attach(self, name: str, file: str, data: bytes) -> None:
        """Go to a field for a file and choose one."""
        # Asked for first: the browser takes its time to leave the choice to us.
        with self.page.expect_file_chooser() as asked:
            self.to(name)
            self.page.keyboard.press("Enter")
        asked.value.set_files({"name": file, "mimeType": "application/octet-stream", "buffer": data})

    def fetch(self, name: str) -> bytes:
        """Go to a link to a file and press it; the file as the server gave it.

        The browser is told that there is nothing to show: a viewer that it may have navigates
        once more by itself, and would be in the way of what comes next.
        """
        self.to(name)
        came: list[APIResponse] = []

        def lay_down(route: Route) -> None:
            came.append(route.fetch())
            route.fulfill(status=204)

        self.page.route("**/*", lay_down, times=1)
        with self.page.expect_response(lambda answer: answer.request.is_navigation_request()):
            self.page.keyboard.press("Enter")
        assert came[0].status == 200, came[0].url
        return came[0].body()

    def choose(self, name: str, text: str) -> None:
        """Go to a list of choices and type the first letters of one."""
        self.to(name)
        self.page.keyboard.type(text)

    def menu(self, name: str, button: str = "Menü") -> None:
        """Press a link of the menu, which a phone with script has folded away."""
        folded = self.page.get_by_role("button", name=button, exact=True)
        if folded.count() and folded.is_visible():
            self.to(button)
            self.page.keyboard.press("Enter")
        self.press(name)

    def sign_in(self, person: str, log_in: str = "Anmelden", password: str = "herzlich-digital") -> None:
        from .people import address

        self.menu(log_in)
        self.type("E-Mail-Adresse", address(person))
        self.type("Passwort", password)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

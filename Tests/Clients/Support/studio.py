"""The studio in a browser, as its tests and its pictures use it: signing in, pages, buttons and orders."""

from pathlib import Path

import httpx
from browser import Browser, Element
from lipsmith import Server

QUICK_MODEL = "lipsync-1.9.0-beta"
OPERATOR_PAGES = ("overview", "jobs", "webhooks", "keys", "settings", "sessions", "links")
# The first shown element of a selector that has a name.
_NAMED = """
const name = arguments[1];
const nameOf = (element) => element.getAttribute("aria-label") ?? element.innerText.trim();
return [...document.querySelectorAll(arguments[0])].find((element) =>
    (nameOf(element) === name || element.innerText?.trim() === name) && element.checkVisibility?.()) ?? null;
"""


class Studio:
    """A browser that is signed in to a server's studio."""

    def __init__(self, server: Server, browser: Browser):
        self.server = server
        self.browser = browser

    def sign_in(self, *flags: str) -> "Studio":
        """Opens a new link, for an operator unless the flags say otherwise."""
        self.browser.open(self.server.studio_link(*flags))
        self.browser.find("header.top nav")
        self.settle()
        # The page asks first whether anybody is signed in, and browsers write every 401 down.
        assert [line for line in self.browser.console_errors() if "/v1/session " not in line] == []
        return self

    def settle(self) -> None:
        """Waits until the page of the address is shown."""
        self.browser.wait_until(
            lambda: self.browser.script(
                "const main = document.getElementById('main');"
                "return main && !main.hasAttribute('aria-busy') && main.childElementCount > 0"),
            what="the page")

    def go(self, address: str) -> None:
        """Goes to a page by its hash."""
        self.browser.script("location.hash = arguments[0]", address)
        # The change is told after this call has returned.
        self.browser.script_async("setTimeout(arguments[0], 0)")
        self.settle()

    def new_form(self) -> None:
        """An empty form."""
        # A page keeps its form when it is left.
        self.go("#/sessions")
        # Whose it is stays: what has no known owner is forgotten at the next load.
        self.browser.script(
            "for (const storage of [sessionStorage, localStorage])"
            " for (const key of Object.keys(storage)) if (key !== 'lipsmith.owner') storage.removeItem(key)")
        self.go("#/new")
        self.browser.find("medium-input")

    def named(self, name: str, selector: str = "button, a, summary", seconds: float = 20) -> Element:
        """What can be pressed under a name, once it is shown."""
        def shown():
            found = self.browser.script(_NAMED, selector, name)
            return Element(self.browser, next(iter(found.values()))) if found else None
        return self.browser.wait_until(shown, seconds, f"“{name}”")

    def press(self, name: str, selector: str = "button, a, summary") -> None:
        """Presses what has the name, once it is there and may be pressed."""
        def pressed() -> bool:
            element = self.named(name, selector)
            if element.is_enabled:
                element.click()
                return True
            return False
        self.browser.wait_until(pressed, what=f"“{name}” that may be pressed")

    def file_input(self, kind: str) -> Element:
        """The hidden field behind “Choose file” of the `picture` or the `sound`."""
        accept = {"picture": "video", "sound": "audio"}[kind]
        def found():
            return next(iter(self.browser.find_all(f"medium-input input[type=file][accept^={accept}]")), None)
        return self.browser.wait_until(found, what=f"a field for the {kind}")

    def choose_file(self, kind: str, path: Path) -> None:
        """Chooses a file and waits until the server has made an asset of it."""
        self.file_input(kind).type(str(path))
        self.wait_for_medium(kind, path.name)

    def wait_for_medium(self, kind: str, name: str, seconds: float = 30) -> dict:
        """The form's `picture` or `sound`, once it has that name and is on the server."""
        def there():
            medium = self.draft().get(kind)
            return medium if medium and name in medium["name"] and medium.get("asset", medium.get("url")) else None
        return self.browser.wait_until(there, seconds, f"{kind} {name}")

    def draft(self) -> dict:
        """What the form holds, as it is kept for a reload."""
        return self.browser.script("return JSON.parse(sessionStorage.getItem('lipsmith.draft')) ?? {}")

    def use_sound(self, path: Path) -> None:
        """Gives the form a sound instead of a text."""
        self.press("Use a sound", "section button")
        self.choose_file("sound", path)

    def choose_quick_model(self) -> None:
        """The model that takes the least time."""
        self.browser.click(f"input[name=model][value='{QUICK_MODEL}']")

    def wait_for_check(self, seconds: float = 60) -> str:
        """What the check says, once it has looked."""
        return self.browser.text_of(".make-side .facts", seconds)

    def order(self) -> str:
        """Presses the one button; the generation's id."""
        self.press("Make the video")
        return self.ordered()

    def ordered(self) -> str:
        """The id of the generation whose page has opened."""
        self.browser.wait_until(lambda: "#/g/" in self.browser.url, what="the page of the order")
        self.settle()
        return self.browser.url.rpartition("/")[2]

    def wait_for_result(self, seconds: float = 120) -> None:
        """Waits until the finished video and its report are shown."""
        self.browser.find("compare-player", seconds)
        self.browser.find(".report-plots")

    def confirm(self, name: str) -> None:
        """Answers a question with its own button."""
        self.press(name, "dialog[open] .dialog-body button")
        self.browser.wait_until(lambda: not self.browser.find_all("dialog[open]"), what="the question's end")


def upload(client: httpx.Client, path: Path, name: str | None = None) -> dict:
    """The asset of a file, by Lipsmith's own API."""
    content = path.read_bytes()
    begun = client.post("/v1/uploads", json={"name": name or path.name, "byteCount": len(content)})
    assert begun.status_code == 201, begun.text
    address = f"/v1/uploads/{begun.json()['id']}"
    sent = client.patch(address, content=content, headers={"Upload-Offset": "0"})
    assert sent.status_code == 200, sent.text
    made = client.post(f"{address}/asset", json={})
    assert made.status_code == 201, made.text
    return made.json()


def order(client: httpx.Client, **body) -> dict:
    """A generation that was accepted by Lipsmith's own API."""
    reply = client.post("/v1/generations", json=body)
    assert reply.status_code == 201, reply.text
    return reply.json()

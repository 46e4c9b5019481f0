"""Drives headless Chromium by the W3C WebDriver protocol, as far as the tests of the studio need it."""

import base64
import json
import shutil
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import httpx

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
KEYS = {
    "Tab": "\ue004", "Enter": "\ue007", "Escape": "\ue00c", "Space": " ", "ArrowLeft": "\ue012", "ArrowUp": "\ue013",
    "ArrowRight": "\ue014", "ArrowDown": "\ue015", "Shift": "\ue008", "Home": "\ue011", "End": "\ue010",
}

# How the driver says that an element is not there any more.
_GONE = ("stale", "does not belong to the document")


class Timeout(AssertionError):
    """Something did not come about in time."""


class Element:
    """An element of the page."""

    def __init__(self, browser: "Browser", identity: str):
        self.browser = browser
        self.identity = identity

    @property
    def reference(self) -> dict:
        """The element as an argument of a script."""
        return {ELEMENT: self.identity}

    def _path(self, tail: str) -> str:
        return f"/element/{self.identity}/{tail}"

    def click(self) -> None:
        # The driver would scroll it below what stays at the top.
        self.browser.script("arguments[0].scrollIntoView({block: 'center', inline: 'nearest'})", self.reference)
        self.browser.post(self._path("click"), {})

    def clear(self) -> None:
        self.browser.post(self._path("clear"), {})

    def type(self, text: str) -> None:
        """Types a text; for a file input, the path of a file."""
        self.browser.post(self._path("value"), {"text": text})

    @property
    def text(self) -> str:
        return self.browser.get(self._path("text"))

    @property
    def is_shown(self) -> bool:
        return self.browser.get(self._path("displayed"))

    @property
    def is_enabled(self) -> bool:
        return self.browser.get(self._path("enabled"))

    def attribute(self, name: str) -> str | None:
        return self.browser.get(self._path(f"attribute/{name}"))


class Browser:
    """One window with a profile of its own."""

    def __init__(self, driver: httpx.Client, session: str):
        self.driver = driver
        self.session = session

    def get(self, path: str):
        return self._value(self.driver.get(f"/session/{self.session}{path}"))

    def post(self, path: str, body: dict):
        return self._value(self.driver.post(f"/session/{self.session}{path}", json=body))

    @staticmethod
    def _value(reply: httpx.Response):
        value = reply.json()["value"]
        if reply.status_code != 200:
            raise AssertionError(f"{value['error']}: {value['message'].splitlines()[0]}")
        return value

    def open(self, url: str) -> None:
        self.post("/url", {"url": url})

    @property
    def url(self) -> str:
        return self.get("/url")

    def reload(self) -> None:
        self.post("/refresh", {})

    def script(self, text: str, *arguments):
        """Runs the body of a function and gives what it returns."""
        return self.post("/execute/sync", {"script": text, "args": list(arguments)})

    def script_async(self, text: str, *arguments):
        """Likewise, with a callback as last argument."""
        return self.post("/execute/async", {"script": text, "args": list(arguments)})

    def find_all(self, selector: str) -> list[Element]:
        found = self.post("/elements", {"using": "css selector", "value": selector})
        return [Element(self, item[ELEMENT]) for item in found]

    def wait_until(self, condition, seconds: float = 20, what: str = "the condition"):
        """What `condition` gives as soon as it is true."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                value = condition()
            except AssertionError as error:
                # The page may replace an element while it is looked at.
                if isinstance(error, Timeout) or not any(word in str(error) for word in _GONE):
                    raise
                value = None
            if value:
                return value
            if time.monotonic() > deadline:
                raise Timeout(f"{what} did not come about in {seconds} s; the page says:\n{self.page_text()[:700]}")
            time.sleep(0.05)

    def find(self, selector: str, seconds: float = 20) -> Element:
        """The first element of a selector, once it is shown."""
        def shown():
            return next((item for item in self.find_all(selector) if item.is_shown), None)
        return self.wait_until(shown, seconds, f"an element {selector}")

    def click(self, selector: str, seconds: float = 20) -> None:
        """Clicks the first element of a selector, once it is shown, also if the page replaces it meanwhile."""
        def clicked() -> bool:
            self.find(selector, seconds).click()
            return True
        self.wait_until(clicked, seconds, f"a click on {selector}")

    def text_of(self, selector: str, seconds: float = 20) -> str:
        """The text of the first element of a selector, once it is shown and has one."""
        return self.wait_until(lambda: self.find(selector, seconds).text, seconds, f"a text of {selector}")

    def find_text(self, selector: str, text: str, seconds: float = 20) -> Element:
        """The first shown element of a selector whose text has `text` in it."""
        def shown():
            return next((item for item in self.find_all(selector) if text in item.text and item.is_shown), None)
        return self.wait_until(shown, seconds, f"an element {selector} with “{text}”")

    def page_text(self) -> str:
        return self.script("return document.body ? document.body.innerText : ''") or ""

    def press(self, *names: str) -> None:
        """Presses keys, one after the other, where the focus is."""
        actions = []
        for name in names:
            key = KEYS.get(name, name)
            actions += [{"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]
        self.post("/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": actions}]})

    def chord(self, holding: str, name: str) -> None:
        """Presses a key while another one is held."""
        held, key = KEYS.get(holding, holding), KEYS.get(name, name)
        actions = [
            {"type": "keyDown", "value": held}, {"type": "keyDown", "value": key}, {"type": "keyUp", "value": key},
            {"type": "keyUp", "value": held},
        ]
        self.post("/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": actions}]})

    def move_to(self, x: float, y: float) -> None:
        """Moves the pointer to a place of the view."""
        actions = [{"type": "pointerMove", "duration": 0, "x": int(x), "y": int(y)}]
        pointer = {"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": actions}
        self.post("/actions", {"actions": [pointer]})

    def click_at(self, x: float, y: float) -> None:
        """Clicks a place of the view."""
        actions = [
            {"type": "pointerMove", "duration": 0, "x": int(x), "y": int(y)}, {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        pointer = {"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": actions}
        self.post("/actions", {"actions": [pointer]})

    def drop(self, path: Path, x: float, y: float) -> None:
        """Drags a file of the disk over a place of the view and lets it fall there."""
        data = {"items": [], "files": [str(path)], "dragOperationsMask": 1}
        for kind in ("dragEnter", "dragOver", "drop"):
            self.devtools("Input.dispatchDragEvent", {"type": kind, "x": int(x), "y": int(y), "data": data})

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Drags the pointer from one place of the view to another."""
        (x, y), (to_x, to_y) = start, end
        actions = [
            {"type": "pointerMove", "duration": 0, "x": int(x), "y": int(y)}, {"type": "pointerDown", "button": 0},
            {"type": "pointerMove", "duration": 120, "x": int((x + to_x) / 2), "y": int((y + to_y) / 2)},
            {"type": "pointerMove", "duration": 120, "x": int(to_x), "y": int(to_y)},
            {"type": "pointerUp", "button": 0},
        ]
        pointer = {"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": actions}
        self.post("/actions", {"actions": [pointer]})

    def box(self, selector: str) -> dict:
        """The place of an element in the view: left, top, width, height."""
        return self.script(
            "const b = document.querySelector(arguments[0]).getBoundingClientRect();"
            "return {left: b.left, top: b.top, width: b.width, height: b.height}", selector)

    def resize(self, width: int, height: int) -> None:
        """Sets the size of the page's view, below the window's own least size, too."""
        self.devtools(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500})

    def color_scheme(self, scheme: str) -> None:
        """`light` or `dark`."""
        self.devtools(
            "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})

    def devtools(self, command: str, parameters: dict):
        return self.post("/goog/cdp/execute", {"cmd": command, "params": parameters})

    def cookies(self) -> list[dict]:
        return self.get("/cookie")

    def requested_urls(self) -> list[str]:
        """Every address that was asked for since the last call."""
        entries = self.post("/se/log", {"type": "performance"})
        events = (json.loads(entry["message"])["message"] for entry in entries)
        return [event["params"]["request"]["url"] for event in events if event["method"] == "Network.requestWillBeSent"]

    def console_errors(self) -> list[str]:
        """The errors of the console since the last call."""
        entries = self.post("/se/log", {"type": "browser"})
        return [entry["message"] for entry in entries if entry["level"] == "SEVERE"]

    def screenshot(self, path: Path) -> None:
        path.write_bytes(base64.b64decode(self.get("/screenshot")))


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@contextmanager
def browsers():
    """A function that opens windows, each with a profile of its own; they close with the block."""
    program, chromium = shutil.which("chromedriver"), shutil.which("chromium")
    assert program and chromium, "chromium and chromium-driver are not installed; scripts/setup --with-browser does"
    port = _free_port()
    with tempfile.TemporaryDirectory(prefix="lipsmith-browser-") as folder:
        log = Path(folder) / "driver.log"
        driver = subprocess.Popen(
            [program, f"--port={port}", f"--log-path={log}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        client = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=120)
        sessions: list[str] = []

        def open_window(*flags: str) -> Browser:
            profile = tempfile.mkdtemp(dir=folder)
            options = {
                "binary": chromium,
                "args": [
                    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--mute-audio",
                    "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
                    "--autoplay-policy=no-user-gesture-required", "--window-size=1280,900",
                    f"--user-data-dir={profile}", *flags,
                ],
            }
            logs = {"browser": "ALL", "performance": "ALL"}
            capabilities = {"browserName": "chrome", "goog:chromeOptions": options, "goog:loggingPrefs": logs}
            reply = client.post("/session", json={"capabilities": {"alwaysMatch": capabilities}})
            assert reply.status_code == 200, reply.text
            session = reply.json()["value"]["sessionId"]
            sessions.append(session)
            return Browser(client, session)

        try:
            deadline = time.monotonic() + 20
            while True:
                try:
                    if client.get("/status").json()["value"]["ready"]:
                        break
                except httpx.TransportError:
                    assert time.monotonic() < deadline, "chromedriver does not answer"
                    time.sleep(0.1)
            yield open_window
        finally:
            for session in sessions:
                try:
                    client.delete(f"/session/{session}")
                except httpx.TransportError:
                    pass
            driver.terminate()
            driver.wait(10)

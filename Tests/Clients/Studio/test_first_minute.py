"""The first minute: the printed link, the sample, one button, a video that plays beside what it was made of."""

from urllib.parse import urlsplit

import httpx
import pytest
from studio import Studio

PAGE_BYTES = 300_000


@pytest.fixture(scope="module")
def printed_link(studio_server) -> str:
    """The address that the server prints when it starts."""
    line = studio_server.process.stdout.readline()
    assert line.startswith("Open the studio: "), line
    return line.split()[-1]


def test_from_the_printed_link_to_a_played_result(studio_server, open_window, printed_link):
    browser = open_window()
    browser.requested_urls()
    browser.open(printed_link)
    studio = Studio(studio_server, browser)
    studio.press("Try with a sample")
    studio.wait_for_check()
    assert browser.text_of(".make-side .fine") == "Nothing stands in the way."
    assert "enter=" not in browser.url and browser.url.endswith("/studio#/new")
    generation = studio.order()

    browser.find("progress")
    assert browser.find_text(".badge", "").text in {"Waiting", "Being made"}
    studio.wait_for_result()
    assert browser.url.endswith(f"#/g/{generation}")
    before, after = ".pane.before canvas", ".pane.after video"
    # The photo is shown as the video's first picture, which lies exactly over it.
    size = "const it = document.querySelector(arguments[0]); return [it.width || it.videoWidth, it.height || it.videoHeight]"
    light = (
        "const {width, height} = arguments[0] && document.querySelector(arguments[0]);"
        "const pixels = document.querySelector(arguments[0]).getContext('2d').getImageData(0, 0, width, height).data;"
        "return pixels.reduce((most, each, index) => (index % 4 === 3 ? most : Math.max(most, each)), 0)")
    browser.wait_until(lambda: browser.script(light, before) > 50, what="a drawn photo")
    browser.wait_until(lambda: browser.script(size, before) == browser.script(size, after), what="one size")
    browser.click(".transport button[aria-label=Play]")
    now = "return document.querySelector(arguments[0]).currentTime"
    browser.wait_until(lambda: browser.script(now, after) > 0.5, what="a video that plays")
    verdicts = [row.text for row in browser.find_all(".report-panel table tbody tr")]
    assert any("Drawn: a mouth in" in row for row in verdicts), verdicts
    assert any("Closures:" in row for row in verdicts), verdicts

    # The page asks first whether anybody is signed in, and browsers write every 401 down.
    assert [line for line in browser.console_errors() if "/v1/session " not in line] == []
    own = urlsplit(studio_server.url).netloc
    others = [url for url in browser.requested_urls()
              if urlsplit(url).scheme in {"http", "https"} and urlsplit(url).netloc != own]
    assert others == []
    files = browser.script(
        "return [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]"
        ".filter((each) => new URL(each.name).pathname.startsWith('/studio'))"
        ".map((each) => [each.name, each.encodedBodySize])")
    assert len(files) > 15 and all(size > 0 for _, size in files), files
    assert sum(size for _, size in files) < PAGE_BYTES


def test_a_link_opens_nothing_a_second_time(studio_server, open_window):
    link = studio_server.studio_link()
    opened = httpx.post(f"{studio_server.url}/v1/sessions", json={"token": link.partition("#enter=")[2]})
    assert opened.status_code == 201
    browser = open_window()
    browser.open(link)
    assert browser.text_of("main.sign-in .problem").startswith("This sign-in link opens nothing any more.")
    assert "enter=" not in browser.url
    browser.open(f"{studio_server.url}/studio")
    browser.find("#token")
    assert not [cookie for cookie in browser.cookies() if cookie["name"] == "lipsmith_session"]


def test_the_token_is_in_no_entry_of_the_history(studio_server, open_window):
    browser = open_window()
    link = studio_server.studio_link()
    browser.open("about:blank")
    browser.open(link)
    browser.find("header.top nav")
    entries = browser.devtools("Page.getNavigationHistory", {})["entries"]
    token = link.partition("#enter=")[2]
    assert [entry["url"] for entry in entries if token in entry["url"]] == []
    cookie = next(cookie for cookie in browser.cookies() if cookie["name"] == "lipsmith_session")
    assert cookie["httpOnly"] and cookie["sameSite"] == "Strict"
    assert "lipsmith_session" not in browser.script("return document.cookie")

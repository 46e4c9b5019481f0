"""The page of a report as a file: it opens from a disk, draws its plots and can be printed."""

import base64
import re
import zlib

import httpx
import pytest
from lipsmith import completed
from studio import QUICK_MODEL, order, upload


@pytest.fixture(scope="module")
def report_page(api, clips, tmp_path_factory):
    """The page of a real report, on the disk."""
    made = order(
        api, model=QUICK_MODEL, video={"asset": upload(api, clips.video)["id"]},
        audio={"asset": upload(api, clips.speech)["id"]}, name="Kept on a disk")
    completed(api, made["id"])
    reply = api.get(f"/v1/generations/{made['id']}/report.html")
    assert reply.status_code == 200 and reply.headers["content-type"].startswith("text/html")
    # The link to it needs no key.
    link = api.get(f"/v1/generations/{made['id']}").json()["reportPageUrl"]
    assert httpx.get(link).content == reply.content
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_bytes(reply.content)
    return path


def test_it_opens_from_the_disk_and_draws(report_page, open_window):
    browser = open_window()
    browser.requested_urls()
    browser.open(report_page.as_uri())
    browser.find(".report-plots svg")
    assert browser.text_of("h1") == "Kept on a disk"
    assert len(browser.find_all("tbody tr")) > 5
    drawn = browser.script(
        "return [...document.querySelectorAll('.report-plots svg path')].filter((each) =>"
        " (each.getAttribute('d') ?? '').length > 40 && each.getBoundingClientRect().width > 100).length")
    assert drawn >= 3, "sound, opening and width"
    assert browser.script("return [...document.images].every((each) => each.naturalWidth > 0)")
    assert [url for url in browser.requested_urls() if url.startswith(("http:", "https:"))] == []
    assert browser.console_errors() == []


def test_it_is_printed_with_its_plots(report_page, open_window):
    browser = open_window()
    browser.open(report_page.as_uri())
    browser.find(".report-plots svg")
    printed = browser.devtools("Page.printToPDF", {"printBackground": False, "paperWidth": 8.27, "paperHeight": 11.69})
    pdf = base64.b64decode(printed["data"])
    assert pdf.startswith(b"%PDF-")
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b", pdf)) <= 6
    # The curves are drawn as lines of many points.
    streams = []
    for found in re.finditer(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL):
        try:
            streams.append(zlib.decompress(found[1]))
        except zlib.error:
            continue
    lines = sum(len(re.findall(rb"[\d.]+ [\d.]+ l\n", stream)) for stream in streams)
    assert lines > 60, f"{lines} lines are printed"


def test_the_printed_page_hides_what_cannot_be_pressed(report_page, open_window):
    browser = open_window()
    browser.open(report_page.as_uri())
    browser.find(".report-tools")
    browser.devtools("Emulation.setEmulatedMedia", {"media": "print"})
    assert not [item for item in browser.find_all(".report-tools button") if item.is_shown]
    box = browser.box(".report-plots svg")
    assert box["width"] > 200 and box["height"] > 50

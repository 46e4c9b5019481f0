"""Every page, in both colour schemes and on a narrow screen: nothing hinders people, nothing is out of reach."""

import pytest
from axe import findings
from browser import Browser
from studio_pages import Pages

# Whether the page scrolls sideways, and what can be used but lies beside the view and in nothing that scrolls.
_BESIDE = """
const root = document.documentElement;
const scrolls = (element) => {
    for (let each = element.parentElement; each && each !== root; each = each.parentElement)
        if (/auto|scroll/.test(getComputedStyle(each).overflowX) && each.scrollWidth > each.clientWidth) return true;
    return false;
};
const beside = [...document.querySelectorAll("a, button, input, select, textarea, summary, video, [role=slider]")]
    .filter((element) => element.checkVisibility({visibilityProperty: true, opacityProperty: true}))
    .filter((element) => !element.closest("[inert]") && !element.classList.contains("skip"))
    .filter((element) => {
        const box = element.getBoundingClientRect();
        return box.width > 0 && (box.left < -1 || box.right > root.clientWidth + 1) && !scrolls(element);
    });
return {
    widthInAll: root.scrollWidth, widthInView: root.clientWidth,
    beside: beside.map((element) => element.outerHTML.slice(0, 120)),
};
"""


@pytest.fixture(scope="module")
def pages(studio, api, tmp_path_factory) -> Pages:
    """Every page."""
    pages = Pages(studio, api, tmp_path_factory.mktemp("pages"))
    pages.wait_for_all()
    return pages


def beside(browser: Browser) -> list[str]:
    """What is wrong with the page's width."""
    seen = browser.script(_BESIDE)
    wide = [f"{seen['widthInAll']} pixels wide"] if seen["widthInAll"] > seen["widthInView"] else []
    return wide + seen["beside"]


def close_dialogs(browser: Browser) -> None:
    """Closes what lies over the page."""
    browser.script("document.querySelectorAll('dialog[open]').forEach((each) => each.close())")


def test_nothing_hinders_people_and_nothing_is_out_of_reach(pages):
    browser = pages.browser
    wrong = {}
    try:
        for name, show in pages.all().items():
            browser.resize(1280, 900)
            browser.color_scheme("light")
            show()
            for scheme in ("light", "dark"):
                browser.color_scheme(scheme)
                wrong[f"{name}, {scheme}"] = findings(browser)
            browser.resize(360, 740)
            wrong[f"{name}, narrow"] = beside(browser)
            close_dialogs(browser)
    finally:
        pages.end_progress()
        browser.devtools("Emulation.clearDeviceMetricsOverride", {})
    assert {name: found for name, found in wrong.items() if found} == {}
    # The batch's wrong row is refused.
    assert [line for line in browser.console_errors() if "dryRun=true" not in line] == []


def test_signing_in_hinders_nobody(studio_server, open_window):
    browser = open_window()
    browser.resize(360, 740)
    browser.open(f"{studio_server.url}/studio#enter=abcdefghijklmnopqrstuvwxyz")
    browser.find("main.sign-in .problem")
    for scheme in ("light", "dark"):
        browser.color_scheme(scheme)
        assert findings(browser) == []
    assert beside(browser) == []


def test_the_report_page_hinders_nobody(pages, api, open_window):
    generation = api.get(f"/v1/generations/{pages.results[0]}").json()
    browser = open_window()
    browser.open(generation["reportPageUrl"])
    browser.find(".report-plots")
    for scheme in ("light", "dark"):
        browser.color_scheme(scheme)
        assert findings(browser) == []
    browser.resize(360, 740)
    assert beside(browser) == []
    assert browser.console_errors() == []


def test_what_hinders_would_be_found(studio):
    studio.go("#/library")
    assert findings(studio.browser) == []
    studio.browser.script(
        "const main = document.getElementById('main'), bare = document.createElement('button');"
        "bare.style.setProperty('width', '3000px'); main.append(bare)")
    try:
        assert any("button-name" in each for each in findings(studio.browser))
        assert len(beside(studio.browser)) > 1
    finally:
        studio.browser.reload()


def test_the_colours_that_were_chosen_stay(studio):
    studio.go("#/library")
    toggle = studio.browser.find("header button.theme")
    background = "return getComputedStyle(document.body).backgroundColor"
    studio.browser.color_scheme("light")
    light = studio.browser.script(background)
    toggle.click()
    toggle.click()
    assert studio.browser.script("return document.documentElement.dataset.theme") == "dark"
    dark = studio.browser.script(background)
    assert dark != light
    studio.browser.reload()
    studio.settle()
    assert studio.browser.script(background) == dark
    studio.browser.click("header button.theme")
    assert studio.browser.script(background) == light


def test_the_links_of_the_narrow_frame_are_reached(studio):
    studio.browser.resize(360, 740)
    try:
        studio.go("#/library")
        nav = "const nav = document.querySelector('header nav'); return [nav.scrollWidth, nav.clientWidth]"
        width, seen = studio.browser.script(nav)
        assert width <= seen, "a link is cut"
        links = (
            ("Voices", "#/voices"), ("Batch", "#/batch"), ("Verify", "#/verify"),
            ("Operator", "#/operator"), ("New video", "#/new"))
        for name, address in links:
            studio.press(name, "header nav a")
            studio.browser.wait_until(lambda: studio.browser.url.endswith(address), what=address)
            studio.settle()
    finally:
        studio.browser.devtools("Emulation.clearDeviceMetricsOverride", {})

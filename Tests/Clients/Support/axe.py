"""Looks for what hinders people in a page, with axe-core."""

from functools import cache
from importlib.resources import files

from browser import Browser

GRAVE = {"serious", "critical"}


@cache
def _source() -> str:
    return (files("axe_playwright_python") / "axe.min.js").read_text()


def findings(browser: Browser) -> list[str]:
    """The serious and critical findings of the page as it stands, each with the places that it is about."""
    if not browser.script("return Boolean(window.axe)"):
        # DevTools run it whatever the page's policy allows.
        browser.devtools("Runtime.evaluate", {"expression": _source()})
    violations = browser.script_async(
        "const done = arguments[0];"
        # A colour on its way to another one is neither.
        "const ways = document.getAnimations().filter((each) => each instanceof CSSTransition);"
        "Promise.allSettled(ways.map((each) => each.finished))"
        ".then(() => axe.run(document, {resultTypes: ['violations']}))"
        ".then((result) => done(result.violations.map((each) =>"
        "({id: each.id, impact: each.impact, help: each.help,"
        "  places: each.nodes.slice(0, 4).map((node) =>"
        "    node.target.join(' ') + ': ' + (node.any[0]?.message ?? ''))}))))")
    return [f"{each['impact']} {each['id']}: {each['help']} at {each['places']}"
            for each in violations if each["impact"] in GRAVE]

"""A sign-in link never replaces a session without a click, and what a session left behind goes with it."""

import pytest
from studio import Studio

WORDS = "What only I know."
KEPT = "return Object.keys({...localStorage, ...sessionStorage}).filter((key) => /draft|uploads|owner/.test(key))"


@pytest.fixture
def signed_in(studio_server, open_window) -> Studio:
    """A window of its own with words in the form."""
    studio = Studio(studio_server, open_window()).sign_in()
    studio.browser.find("textarea").type(WORDS)
    studio.browser.script(
        "localStorage.setItem('lipsmith.uploads', JSON.stringify({x: {id: 'u', name: 'secret.mp4', byteCount: 2, "
        "offset: 1, at: Date.now()}}))")
    return studio


def session(studio: Studio) -> str:
    """The id of the session in use."""
    return studio.browser.script_async(
        "const done = arguments[0]; fetch('/v1/session').then((answer) => answer.json()).then((it) => done(it.session.id))")


def follow(studio: Studio, link: str) -> None:
    """Goes to a link as another site would make the browser do."""
    studio.browser.open("about:blank")
    studio.browser.open(link)
    studio.browser.find_text("h1", "Sign in by a link?")


def words(studio: Studio) -> str:
    return studio.browser.script("return document.querySelector('textarea').value")


def test_a_session_stays_unless_its_owner_clicks(studio_server, signed_in):
    before = session(signed_in)
    follow(signed_in, studio_server.studio_link())
    assert "You are signed in to default as operator." in signed_in.browser.page_text()
    assert "enter=" not in signed_in.browser.url
    assert session(signed_in) == before
    # What Enter would do.
    assert signed_in.browser.script("return document.activeElement.innerText") == "Stay as default"
    signed_in.press("Stay as default")
    signed_in.settle()
    assert session(signed_in) == before
    assert words(signed_in) == WORDS


def test_a_click_replaces_the_session_and_what_it_kept(studio_server, signed_in):
    before = session(signed_in)
    follow(signed_in, studio_server.studio_link())
    signed_in.press("Sign in by the link")
    signed_in.browser.find_text("h1", "Make a face say it")
    signed_in.settle()
    assert session(signed_in) != before
    assert words(signed_in) == ""
    assert "secret.mp4" not in signed_in.browser.page_text()


def test_a_link_in_the_page_leads_back_to_where_it_was(studio_server, signed_in):
    signed_in.go("#/library")
    signed_in.browser.script("location.hash = 'enter=0123456789abcdef0123'")
    signed_in.browser.find_text("h1", "Sign in by a link?")
    # It opens nothing, which does not end the session.
    signed_in.press("Sign in by the link")
    signed_in.browser.find_text(".toast", "This sign-in link opens nothing any more.")
    signed_in.browser.find_text("h1", "Library")
    assert signed_in.browser.url.endswith("#/library")


def test_signing_out_leaves_nothing_behind(signed_in):
    signed_in.go("#/sessions")
    signed_in.press("Sign out")
    signed_in.browser.find_text("h1", "Sign in to the studio")
    assert signed_in.browser.script(KEPT) == []


def test_a_session_that_was_ended_elsewhere_leaves_nothing_behind(signed_in):
    signed_in.browser.script_async("const done = arguments[0]; fetch('/v1/session', {method: 'DELETE'}).then(() => done())")
    signed_in.browser.script("location.hash = '#/library'")
    signed_in.browser.find_text("h1", "Sign in to the studio")
    assert signed_in.browser.script(KEPT) == []

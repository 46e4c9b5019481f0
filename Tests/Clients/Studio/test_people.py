"""Who sees what: two organisations, members and operators, and sessions that are ended."""

import pytest
from studio import OPERATOR_PAGES, Studio, order, upload


@pytest.fixture(scope="module")
def shop(studio_server, studio, open_window) -> Studio:
    """A window of a member of another organisation, by a link that an operator made."""
    studio.go("#/operator/links")
    studio.browser.find("input[placeholder='Your own, unless named']").type("Shop")
    studio.press("Make a link")
    link = studio.browser.text_of("code.secret")
    assert link.startswith(f"{studio_server.url}/studio#enter=")
    other = Studio(studio_server, open_window())
    other.browser.open(link)
    other.browser.find("header.top nav")
    other.settle()
    return other


def words(studio: Studio, address: str) -> str:
    """The text of a page once it says what it has."""
    studio.go(address)
    return studio.browser.text_of("main")


def call(studio: Studio, method: str, path: str) -> int:
    """The status of a request that the page itself sends."""
    return studio.browser.script_async(
        "const done = arguments[2]; fetch(arguments[1], {method: arguments[0]}).then((each) => done(each.status))",
        method, path)


def test_organisations_see_only_their_own(studio, shop, api, clips):
    assert "You are signed in to Shop as member." in words(shop, "#/sessions")
    assert "You are signed in to default as operator." in words(studio, "#/sessions")
    asset = upload(api, clips.video, "secret-take.mp4")
    sound = upload(api, clips.nobody, "secret-picture.png")
    project = api.post("/v1/projects", json={"name": "Secret project"}).json()
    generation = order(
        api, model="photo", image={"asset": sound["id"]}, text={"script": "Hello.", "voice": "flite-slt"},
        name="Secret video", project=project["id"])["id"]
    studio.go("#/library")
    studio.browser.find_text("a.work", "Secret video")
    studio.browser.find_text("main select", "Secret project")

    shop.go("#/library")
    shop.browser.find_text(".empty", "Nothing has been made yet.")
    assert "Secret" not in shop.browser.page_text()
    shop.go(f"#/g/{generation}")
    assert shop.browser.text_of(".empty") and "Secret" not in shop.browser.page_text()
    shop.new_form()
    shop.press("Earlier files", "medium-input button")
    shop.browser.find_text("dialog[open]", "Nothing was found.")
    shop.browser.press("Escape")
    for path in (f"/v1/generations/{generation}", f"/v1/generations/{generation}/report", f"/v1/assets/{asset['id']}"):
        assert call(shop, "GET", path) == 404, path
        assert call(studio, "GET", path) in ({200, 404} if path.endswith("report") else {200}), path
    for method, path in (("DELETE", f"/v1/assets/{asset['id']}"), ("POST", f"/v1/generations/{generation}/cancel")):
        assert call(shop, method, path) == 404, path
    assert call(studio, "GET", f"/v1/assets/{asset['id']}") == 200


def test_a_member_sees_nothing_of_the_installation(shop):
    assert "Operator" not in shop.browser.text_of("header.top nav")
    for page in OPERATOR_PAGES:
        shop.go(f"#/operator/{page}")
        assert shop.browser.text_of("main") == "These pages are for operators."
    for page in ("overview", "jobs", "webhooks", "keys", "settings"):
        assert call(shop, "GET", f"/v1/operator/{page}") == 403
    assert shop.browser.script_async(
        "fetch('/v1/sign-in-links', {method: 'POST', headers: {'Content-Type': 'application/json'},"
        "body: '{\"role\": \"operator\"}'}).then((each) => arguments[0](each.status))") == 403


def test_an_operator_ends_a_session(studio_server, studio, open_window):
    other = Studio(studio_server, open_window()).sign_in("--member", "--organisation", "Visitors")
    other.new_form()
    studio.go("#/operator/sessions")
    row = studio.browser.find_text("tbody tr", "Visitors")
    studio.browser.script("arguments[0].querySelector('button').click()", row.reference)
    studio.press("End", "dialog[open] button.danger")
    studio.browser.wait_until(
        lambda: "Visitors" not in studio.browser.text_of("main table"), what="a list without the session")
    # Whatever that browser does next shows it signed out.
    other.browser.script("location.hash = '#/library'")
    assert "The session has ended." in other.browser.text_of("main.sign-in")
    other.browser.reload()
    other.browser.find("#token")
    assert "Visitors" not in other.browser.page_text()


def test_signing_out_ends_the_session(studio_server, open_window):
    studio = Studio(studio_server, open_window()).sign_in("--member")
    cookie = next(cookie for cookie in studio.browser.cookies() if cookie["name"] == "lipsmith_session")
    studio.go("#/sessions")
    studio.press("Sign out")
    studio.browser.find("#token")
    assert studio.browser.cookies() == []
    # The secret that the browser had opens nothing.
    studio.browser.post("/cookie", {"cookie": {"name": cookie["name"], "value": cookie["value"], "path": "/v1"}})
    studio.browser.reload()
    studio.browser.find("#token")


def test_the_way_back_closes_what_is_open(studio):
    studio.go("#/library")
    studio.go("#/voices")
    studio.press("Keys")
    studio.browser.find("dialog[open]")
    studio.browser.post("/back", {})
    studio.browser.wait_until(lambda: studio.browser.url.endswith("#/library"), what="the library")
    studio.settle()
    assert studio.browser.find_all("dialog") == []

"""What operators do in the studio: webhooks that failed are sent again, keys are made and revoked, jobs are ended."""

import json

import httpx
from studio import OPERATOR_PAGES, Studio, order, upload

HOOK_ROW = "main tbody tr"


def press_in(studio: Studio, row, name: str) -> None:
    """Presses the button of a row."""
    buttons = [item for item in studio.browser.find_all(f"{HOOK_ROW} button") if item.text == name]
    rows = [item.identity for item in studio.browser.find_all(HOOK_ROW)]
    buttons[rows.index(row.identity)].click()


def test_a_webhook_that_was_refused_is_sent_again(studio, api, clips, web):
    picture = upload(api, clips.nobody)["id"]
    address = f"{web.url}/later"
    generation = order(
        api, model="photo", image={"asset": picture}, text={"script": "Hello.", "voice": "flite-slt"},
        webhookUrl=address)["id"]
    # Nothing is there yet: the receiver says 404, which is taken for a refusal.
    def refused() -> bool:
        studio.go("#/operator/overview")
        studio.go("#/operator/webhooks")
        return "Refused" in studio.browser.text_of("main .panel")
    studio.browser.wait_until(refused, 60, "a webhook that was refused")
    row = studio.browser.find_text(HOOK_ROW, address)
    assert generation in row.text and "1 try" in row.text
    badge = studio.browser.find(f"{HOOK_ROW} .badge")
    assert "failed" in badge.attribute("class").split()
    studio.browser.click(f"{HOOK_ROW} summary")
    assert studio.browser.text_of("ol.tries").endswith(": 404")

    assert web.make_hook("later") == address
    studio.press("Send again")
    told = json.loads(web.delivery(address, 20).body)
    assert told["id"] == generation if "id" in told else generation in json.dumps(told)
    # The page notices by itself.
    studio.browser.find_text(f"{HOOK_ROW} .badge", "Delivered")
    row = studio.browser.find_text(HOOK_ROW, "2 tries")
    studio.browser.click(f"{HOOK_ROW} summary")
    tries = studio.browser.text_of("ol.tries").splitlines()
    assert len(tries) == 2 and tries[0].endswith(": 404") and tries[1].endswith(": 200"), tries


def test_a_key_is_made_shown_once_and_revoked(studio_server, studio):
    studio.go("#/operator/keys")
    studio.press("New key")
    studio.browser.find("dialog[open] input[required]").type("Robot")
    studio.press("Create", "dialog[open] button")
    secret = studio.browser.text_of("dialog[open] code.secret")
    opens = lambda: httpx.get(f"{studio_server.url}/v1/session", headers={"x-api-key": secret}).status_code
    assert opens() == 200
    assert httpx.get(f"{studio_server.url}/v1/operator/keys", headers={"x-api-key": secret}).status_code == 403
    studio.browser.press("Escape")
    studio.browser.find_text("main tbody tr", "Robot")
    studio.browser.reload()
    studio.settle()
    row = studio.browser.find_text("main tbody tr", "Robot")
    assert secret not in studio.browser.script("return document.documentElement.outerHTML")
    studio.browser.script("arguments[0].querySelector('button').click()", row.reference)
    studio.browser.find_text("dialog[open] h2", "Revoke the key “Robot”?")
    studio.press("Revoke", "dialog[open] button.danger")
    studio.browser.find_text("main tbody tr", "Revoked")
    assert opens() == 401


def test_every_page_of_operators_says_something(studio):
    for page in OPERATOR_PAGES:
        studio.go(f"#/operator/{page}")
        current = studio.browser.find("nav.sub a[aria-current=page]")
        assert current.attribute("href").endswith(f"#/operator/{page}")
        studio.browser.find("main .panel")
    studio.go("#/operator/settings")
    studio.browser.find("input[type=search]").type("render-slots")
    studio.browser.wait_until(lambda: len(studio.browser.find_all("main tbody tr")) == 1, what="one setting")
    assert "Set" in studio.browser.text_of("main tbody tr")
    assert studio.browser.console_errors() == []

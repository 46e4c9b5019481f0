"""A video that is being made: it can be cancelled and left alone; one that fails says why and can be made again."""

import pytest
from media import make_speech, make_video
from studio import Studio, order, upload


@pytest.fixture(scope="module")
def long_order(api, media):
    """Orders of a length: a clip that runs forward and backward until the sound ends."""
    video = upload(api, make_video(media.folder / "video-10.mp4", 10))["id"]

    def make(seconds: float) -> dict:
        sound = upload(api, make_speech(media.folder / f"speech-{seconds}.wav", seconds))["id"]
        return {"video": {"asset": video}, "audio": {"asset": sound}, "options": {"syncMode": "bounce"}}

    return make


def watched(studio: Studio, api, body: dict) -> str:
    """An order that is being drawn, on its page."""
    generation = order(api, name="A long one", **body)["id"]
    studio.go(f"#/g/{generation}")
    share = "return document.querySelector('progress')?.value ?? 0"
    studio.browser.wait_until(lambda: studio.browser.script(share) > 0.05, 60, "some progress")
    return generation


def test_it_is_cancelled_in_the_middle(studio, api, long_order):
    generation = watched(studio, api, long_order(150))
    studio.browser.find(".preview img", 30)
    studio.press("Cancel", ".progress-panel button")
    studio.browser.find_text("dialog[open] h2", "Stop making this video?")
    studio.named("Keep making it", "dialog[open] button")
    studio.press("Stop it", "dialog[open] button.danger")
    failure = studio.browser.find(".failure")
    ended = api.get(f"/v1/generations/{generation}").json()
    assert ended["status"] == "failed" and ended["output"] is None
    assert ended["error"]["code"] == "cancelled" and "cancelled" in failure.text


def test_it_goes_on_over_a_reload(studio, api, long_order):
    generation = watched(studio, api, long_order(30))
    share = "return document.querySelector('progress')?.value ?? 1"
    before = studio.browser.script(share)
    studio.browser.reload()
    studio.browser.find("progress")
    assert studio.browser.url.endswith(generation)
    assert studio.browser.script(share) >= before
    studio.wait_for_result(120)
    assert api.get(f"/v1/generations/{generation}").json()["status"] == "completed"


def test_a_failed_one_says_why_and_fills_the_form(studio, api, clips):
    picture, sound = upload(api, clips.nobody), upload(api, clips.speech)
    body = {
        "model": "photo", "image": {"asset": picture["id"]}, "audio": {"asset": sound["id"]}, "name": "Nobody speaks",
        "options": {"seed": 7, "resolution": "540p"},
    }
    generation = order(api, **body)["id"]
    studio.go(f"#/g/{generation}")
    failure = studio.browser.find(".failure", 60)
    error = api.get(f"/v1/generations/{generation}").json()["error"]
    assert error["code"] and error["message"] and error["suggestion"]
    for words in error.values():
        assert words in failure.text
    studio.press("Change and redo")
    studio.browser.wait_until(lambda: studio.browser.url.endswith("#/new"), what="the form")
    studio.settle()
    draft = studio.browser.wait_until(
        lambda: studio.draft() if studio.draft().get("name") == "Nobody speaks" else None, what="a form that is filled")
    assert draft["picture"]["asset"] == picture["id"] and draft["sound"]["asset"] == sound["id"]
    assert draft["soundMode"] == "file" and draft["seed"] == 7 and draft["resolution"] == "540p"
    assert studio.browser.text_of(".sound-view strong") == clips.speech.name
    studio.browser.find_text(".make-side .problem.error", "")
    # The library has it with the same sentence.
    studio.go("#/library")
    assert error["message"] in studio.browser.find_text("a.work", "Nobody speaks").text

"""Where files come from, asked in the studio."""

import httpx
import pytest
from media import PORTRAIT
from studio import QUICK_MODEL, order, upload


@pytest.fixture(scope="module")
def made(studio, api, clips, tmp_path_factory):
    """A generation, and its video as a file."""
    body = {"video": {"asset": upload(api, clips.video)["id"]}, "audio": {"asset": upload(api, clips.speech)["id"]}}
    generation = order(api, model=QUICK_MODEL, **body)["id"]
    studio.go(f"#/g/{generation}")
    studio.wait_for_result(60)
    path = tmp_path_factory.mktemp("verify") / "made here.mp4"
    path.write_bytes(httpx.get(api.get(f"/v1/generations/{generation}").json()["output"]["url"]).content)
    return generation, path


def look_at(studio, path) -> None:
    """Gives a file to the page."""
    studio.go("#/library")
    studio.go("#/verify")
    studio.browser.find_all("main input[type=file]")[0].type(str(path))


def test_a_video_of_this_server_is_recognised_and_leads_to_its_page(studio, api, made):
    generation, path = made
    before = {asset["id"] for asset in api.get("/v1/assets").json()["items"]}
    look_at(studio, path)
    studio.browser.find_text("main .problem", "It is as it was signed.", 60)
    text = studio.browser.text_of("main")
    assert "made here.mp4" in text
    assert "This installation made exactly this file" in text
    studio.browser.wait_until(
        lambda: {asset["id"] for asset in api.get("/v1/assets").json()["items"]} == before, 20, "nothing that is kept")
    studio.press("Show it", "main a")
    studio.browser.wait_until(lambda: studio.browser.url.endswith(f"#/g/{generation}"), what="the generation")


def test_a_changed_video_is_told_from_one_that_says_nothing(studio, made, tmp_path):
    _, path = made
    data = bytearray(path.read_bytes())
    data[len(data) * 2 // 3] ^= 1
    changed = tmp_path / "changed.mp4"
    changed.write_bytes(data)
    look_at(studio, changed)
    studio.browser.find_text("main .problem", "It was changed after it was signed.", 60)

    look_at(studio, PORTRAIT)
    studio.browser.find_text("main .problem", "That proves nothing.", 60)

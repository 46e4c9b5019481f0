"""The form: who speaks, parts of a clip, photos, and everything by keys alone."""

import re
import subprocess
from pathlib import Path

import httpx
from studio import Studio

_FOCUS = """
const element = document.activeElement;
const box = element.getBoundingClientRect();
const within = (low, high, most) => (Math.max(low, 0) + Math.min(high, most)) / 2;
const x = within(box.left, box.right, innerWidth), y = within(box.top, box.bottom, innerHeight);
const top = document.elementFromPoint(x, y);
return {
    name: element.getAttribute("aria-label") ?? element.labels?.[0]?.innerText ?? element.innerText ?? "",
    isOnPage: element !== document.body,
    isSeen: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth
        // What lets pointers through is not found by its place.
        && (getComputedStyle(element).pointerEvents === "none" || element.contains(top) || (top?.contains(element) ?? false)),
};
"""
MOST_STOPS = 150


def form_with(studio: Studio, clip, sound=None) -> None:
    """A form with media, which has been looked at."""
    studio.new_form()
    studio.choose_file("picture", clip)
    if sound:
        studio.use_sound(sound)
    studio.wait_for_check()


def likeness(one: Path, other: Path, left: int) -> float:
    """How near a half of two videos is, in decibels."""
    halves = "".join(f"[{each}]crop=480:480:{left}:0[{name}];" for each, name in ((0, "a"), (1, "b")))
    said = subprocess.run(
        ["ffmpeg", "-nostdin", "-i", one, "-i", other, "-lavfi", f"{halves}[a][b]psnr", "-f", "null", "-"],
        check=True, capture_output=True, text=True).stderr
    return float(re.search(r"PSNR .*average:([\d.]+)", said)[1])


def parts(studio: Studio) -> list[dict]:
    """The parts of the form."""
    return studio.draft().get("parts", [])


def test_a_click_on_one_of_two_people_chooses_the_speaker(studio, api, clips, tmp_path):
    form_with(studio, clips.two_people, clips.speech)
    studio.browser.wait_until(lambda: len(studio.browser.find_all(".face-box")) == 2, 30, "two faces")
    assert "2 faces" in studio.browser.text_of(".make-side .facts")
    boxes = studio.browser.find_all(".face-box")
    left_edge = "return arguments[0].getBoundingClientRect().left"
    right = max(boxes, key=lambda box: studio.browser.script(left_edge, box.reference))
    studio.browser.script("arguments[0].scrollIntoView({block: 'center'})", right.reference)
    right.click()
    assert studio.browser.text_of(".face-box[aria-pressed=true]") == "Speaks"
    speaker = studio.draft()["speaker"]
    assert speaker["frame"] == 0 and 480 < speaker["x"] < 960 and 0 < speaker["y"] < 480
    assert "Choose who speaks." not in studio.browser.find(".make-side").text
    # The quickest model would not take the choice, and the form says so.
    studio.choose_quick_model()
    studio.browser.find_text(".note", "finds the face by itself")
    studio.browser.click("input[name=model][value=lipsync-2]")
    studio.browser.wait_until(
        lambda: "finds the face by itself" not in studio.browser.page_text(), what="a model that takes the choice")
    generation = studio.order()
    studio.browser.find("compare-player", 120)
    assert api.get(f"/v1/generations/{generation}").json()["order"]["options"]["speaker"] == speaker
    output = tmp_path / "output.mp4"
    output.write_bytes(httpx.get(api.get(f"/v1/generations/{generation}").json()["output"]["url"]).content)
    assert likeness(clips.two_people, output, 480) < likeness(clips.two_people, output, 0) - 2, "the wrong mouth moved"


def test_a_second_click_takes_the_choice_back(studio, clips):
    form_with(studio, clips.video)
    studio.browser.click(".face-box")
    assert isinstance(studio.draft()["speaker"], dict)
    studio.browser.click(".face-box[aria-pressed=true]")
    assert studio.draft()["speaker"] == "auto"


def test_a_part_is_made_by_dragging(studio, api, clips):
    form_with(studio, clips.longer_video, clips.speech)
    track = ".timeline-track"
    studio.browser.find(track)
    studio.browser.script("document.querySelector(arguments[0]).scrollIntoView({block: 'center'})", track)
    box = studio.browser.box(track)
    middle = box["top"] + box["height"] / 2
    at = lambda share: (box["left"] + share * box["width"], middle)
    studio.browser.drag(at(0.25), at(0.75))
    [part] = studio.browser.wait_until(lambda: parts(studio), what="a part")
    assert abs(part["startSeconds"] - 1) < 0.05 and abs(part["endSeconds"] - 3) < 0.05
    # The end of a part is taken by its handle.
    studio.browser.drag(at(part["endSeconds"] / 4), at(0.5))
    studio.browser.wait_until(lambda: abs(parts(studio)[0]["endSeconds"] - 2) < 0.05, what="an earlier end")
    # A press without a drag moves the head and makes nothing.
    studio.browser.click_at(*at(0.9))
    assert len(parts(studio)) == 1
    head = studio.browser.find(".timeline-head").attribute("aria-valuenow")
    assert abs(float(head) - 3.6) < 0.1
    studio.choose_quick_model()
    generation = studio.order()
    studio.browser.find("compare-player", 60)
    [ordered] = api.get(f"/v1/generations/{generation}").json()["order"]["parts"]
    assert abs(ordered["startSeconds"] - 1) < 0.05 and abs(ordered["endSeconds"] - 2) < 0.05


def test_a_part_is_made_and_moved_by_keys(studio, clips):
    form_with(studio, clips.longer_video)
    studio.browser.find(".timeline-head")
    studio.browser.script("document.querySelector('.timeline-head').focus()")
    studio.browser.chord("Shift", "ArrowRight")
    studio.browser.press("ArrowRight", "ArrowRight")
    studio.browser.wait_until(
        lambda: studio.browser.find(".timeline-head").attribute("aria-valuenow") == "1.2", what="a head at 1.2")
    studio.named("Add part")
    tab_to(studio, "Add part")
    studio.browser.press("Enter")
    [part] = studio.browser.wait_until(lambda: parts(studio), what="a part")
    assert abs(part["startSeconds"] - 1.2) < 0.05 and abs(part["endSeconds"] - 2.2) < 0.05
    studio.browser.script("document.querySelector('.part-handle.end').focus()")
    studio.browser.press("ArrowRight")
    studio.browser.chord("Shift", "ArrowRight")
    studio.browser.wait_until(lambda: abs(parts(studio)[0]["endSeconds"] - 3.3) < 0.06, what="a later end")
    assert studio.browser.script(_FOCUS)["name"] == "End of part 1"
    tab_to(studio, "Remove part 1")
    studio.browser.press("Space")
    studio.browser.wait_until(lambda: parts(studio) == [], what="no part")


def test_a_model_offers_only_what_it_honours(studio, api, clips):
    form_with(studio, clips.video, clips.speech)
    models = {each["name"]: each["options"] for each in api.get("/v1/choices").json()["models"]}
    labels = {"emotion": "Feeling", "region": "What may move", "temperature": "Strength of the motion", "seed": "Seed"}
    studio.browser.click("details.more summary")
    for name in ("lipsync-2", "lipsync-1.9.0-beta", "react-1"):
        studio.browser.click(f"input[name=model][value='{name}']")
        # The page replaces them while it is looked at.
        shown = studio.browser.wait_until(
            lambda: {each.text for each in studio.browser.find_all(".more-grid .field label")}, what="options")
        assert {option for option, label in labels.items() if label in shown} == set(models[name]) & set(labels), name
        assert bool(studio.browser.find_all("input[name=speaker]")) == ("speaker" in models[name])
        variations = studio.browser.script(
            "return [...document.querySelectorAll('.submit button')].some((it) => it.innerText.trim() === 'Variations' && it.checkVisibility())")
        assert variations == ("seed" in models[name])


def test_parts_are_told_of_what_becomes_of_them(studio, api, clips):
    form_with(studio, clips.longer_video, clips.speech)
    studio.browser.find(".outcome")
    studio.browser.script("document.querySelector('parts-timeline').add(0.5, 1.5)")
    studio.browser.script("document.querySelector('parts-timeline').add(2.5, 3.6)")
    studio.browser.find_text(".outcome", "2 parts get new words, 2.1 s in all; the rest stays.")
    # Each part lasts as long as the sound: 4 s less 2.1 s, and twice 2 s.
    studio.browser.find_text(".outcome", "Becomes 0:05.9")
    assert studio.browser.find_all(".modes .number") == []
    for part in parts(studio):
        assert part["endSeconds"] > part["startSeconds"]
    for number in (2, 1):
        studio.press(f"Remove part {number}")
    studio.browser.wait_until(lambda: "the rest stays" not in studio.browser.find(".outcome").text, what="the whole clip")


def test_what_would_be_refused_is_not_offered(studio, clips):
    form_with(studio, clips.nobody)
    studio.browser.find("textarea").type("Hello.")
    studio.named("Order it anyway")
    side = studio.browser.find(".make-side").text
    assert "It would be refused, or change nothing." in side and side.count("No face was found.") == 1
    assert "Make the video" not in side


def test_a_video_is_called_as_its_clip(studio, api, clips):
    form_with(studio, clips.video, clips.speech)
    studio.choose_quick_model()
    generation = studio.order()
    assert api.get(f"/v1/generations/{generation}").json()["name"] == clips.video.stem
    studio.browser.find("compare-player", 60)
    # At the size of a small notebook nothing has to be scrolled to play it.
    studio.browser.resize(1280, 757)
    try:
        studio.browser.script("scrollTo(0, 0)")
        studio.browser.wait_until(
            lambda: studio.browser.script("return document.querySelector('.transport').getBoundingClientRect().bottom") <= 757,
            what="controls in view")
    finally:
        studio.browser.devtools("Emulation.clearDeviceMetricsOverride", {})


def test_a_photo_speaks_a_text(studio, api, clips):
    form_with(studio, clips.portrait)
    studio.browser.find("textarea").type("Hello, mama.")
    studio.browser.click("details.more summary")
    for label, value in (("Resolution", "540p"), ("Shape", "1:1")):
        chosen = studio.browser.find_text(".field", label)
        studio.browser.script(
            "const select = arguments[0].querySelector('select'); select.value = arguments[1];"
            "select.dispatchEvent(new Event('change'))",
            chosen.reference, value)
    generation = studio.order()
    studio.wait_for_result()
    made = api.get(f"/v1/generations/{generation}").json()
    assert made["order"]["model"] == "photo" and made["order"]["image"].keys() == {"asset"}
    assert made["order"]["options"] == {"resolution": "540p", "aspectRatio": "1:1"}
    assert (made["output"]["width"], made["output"]["height"]) == (540, 540)


def test_only_what_the_model_takes_can_be_chosen(studio, clips):
    form_with(studio, clips.video)
    studio.browser.click("details.more summary")
    shown = lambda: studio.browser.text_of(".more-grid")
    assert "Strength of the motion" in shown() and "Feeling" not in shown()
    studio.browser.click("input[name=model][value=react-1]")
    studio.browser.wait_until(lambda: "Feeling" in shown() and "What may move" in shown(), what="feelings")
    studio.choose_quick_model()
    studio.browser.wait_until(lambda: "Strength of the motion" not in shown(), what="fewer choices")
    form_with(studio, clips.portrait)
    studio.browser.click("input[name=model][value=sync-3]")
    studio.browser.wait_until(lambda: studio.draft()["photoModel"] == "sync-3", what="another model for photos")
    assert studio.browser.script("return document.querySelector('input[name=model]:checked').value") == "sync-3"
    assert "sync-3" in studio.browser.script("return document.querySelector('code-samples code').textContent")


# Without a pointer.


def tab_to(studio: Studio, name: str) -> None:
    """Goes on from stop to stop until the focus is on what has the name; each stop must be seen."""
    for _ in range(MOST_STOPS):
        studio.browser.press("Tab")
        focus = studio.browser.script(_FOCUS)
        if not focus["isOnPage"]:
            continue
        assert focus["isSeen"], f"the focus on “{focus['name']}” is out of sight"
        if focus["name"].strip().startswith(name):
            return
    raise AssertionError(f"“{name}” is not reached by {MOST_STOPS} stops")


def test_keys_alone_lead_from_signing_in_to_an_order(studio_server, open_window, api):
    browser = open_window()
    studio = Studio(studio_server, browser)
    browser.open(f"{studio_server.url}/studio")
    browser.find("#token")
    tab_to(studio, "Sign-in link or token")
    browser.press(*studio_server.studio_link("--member"), "Enter")
    browser.find("header.top nav")
    studio.settle()
    browser.press("Tab", "Enter")
    assert browser.script("return document.activeElement.id") == "main", "the first stop skips to the content"
    tab_to(studio, "Try with a sample")
    browser.press("Space")
    browser.wait_until(
        lambda: browser.script(_FOCUS)["name"].startswith("Make the video"), what="the focus on the button")
    # The text is before the button: back, and forth again.
    browser.script("document.querySelector('textarea').scrollIntoView()")
    for _ in range(MOST_STOPS):
        browser.chord("Shift", "Tab")
        if browser.script("return document.activeElement.tagName") == "TEXTAREA":
            break
    browser.press(*" And bye.")
    tab_to(studio, "Make the video")
    browser.press("Enter")
    generation = studio.ordered()
    script = api.get(f"/v1/generations/{generation}").json()["order"]["text"]["script"]
    assert script.endswith(" And bye."), script
    tab_to(studio, "Cancel")
    browser.press("Enter")
    # The dialog has the focus, and Escape takes the question back.
    browser.find("dialog[open]")
    assert browser.script("return document.activeElement.closest('dialog') !== null")
    browser.press("Escape")
    browser.wait_until(lambda: not browser.find_all("dialog[open]"), what="the question's end")
    browser.press("?")
    browser.find_text("dialog[open]", "Everywhere")
    browser.press("Escape", "h")
    browser.wait_until(lambda: browser.url.endswith("#/library"), what="the library")


def test_the_result_is_played_by_keys(studio, api, clips):
    form_with(studio, clips.video, clips.speech)
    studio.choose_quick_model()
    studio.order()
    studio.browser.find("compare-player", 60)
    frame = "return document.querySelector('compare-player .transport output').textContent"
    studio.browser.wait_until(lambda: "0:02" in studio.browser.script(frame), what="the video's length")
    studio.browser.press("ArrowRight", "ArrowRight")
    studio.browser.wait_until(lambda: "frame 2" in studio.browser.script(frame), what="the second frame")
    studio.browser.press("2")
    assert studio.browser.find("compare-player").attribute("data-view") == "wipe"
    share = "return document.querySelector('.wipe-handle').getAttribute('aria-valuenow')"
    assert studio.browser.script(share) == "50"
    studio.browser.script("document.querySelector('.wipe-handle').focus()")
    studio.browser.press("ArrowLeft")
    assert studio.browser.script(share) == "48"
    studio.browser.script("document.activeElement.blur()")
    studio.browser.press("k")
    playing = "return !document.querySelector('.pane.after video').paused"
    studio.browser.wait_until(lambda: studio.browser.script(playing), what="a video that plays")
    studio.browser.press("k")
    studio.browser.wait_until(lambda: not studio.browser.script(playing), what="a video that rests")

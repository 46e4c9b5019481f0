"""Every way in which a clip, a photo, a sound or a text gets into the form."""

import re
import struct

import pytest
from media import ffmpeg, make_speech
from studio import QUICK_MODEL, Studio, upload

# The page notes where each piece of an upload begins.
_NOTE_OFFSETS = """
window.offsets = [];
const set = XMLHttpRequest.prototype.setRequestHeader;
XMLHttpRequest.prototype.setRequestHeader = function (name, value) {
    if (name === "Upload-Offset") window.offsets.push(Number(value));
    return set.call(this, name, value);
};
"""
# Every piece but the first is never sent.
_HOLD_LATER_PIECES = """
const send = XMLHttpRequest.prototype.send;
XMLHttpRequest.prototype.send = function (body) { if (window.offsets.at(-1) === 0) send.call(this, body); };
"""
_PASTE = """
const data = new DataTransfer();
data.setData("text/plain", arguments[0]);
document.body.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
"""
PIECE_BYTES = 8 * 1024 * 1024


def box_middle(studio: Studio, selector: str) -> tuple[float, float]:
    """The middle of an element, after it was scrolled into view."""
    studio.browser.script("document.querySelector(arguments[0]).scrollIntoView({block: 'center'})", selector)
    box = studio.browser.box(selector)
    return box["left"] + box["width"] / 2, box["top"] + box["height"] / 2


def sound_takes(studio: Studio) -> None:
    """Opens the place for sounds."""
    studio.press("Use a sound", "section button")
    studio.browser.wait_until(lambda: studio.file_input("sound"), what="the place for sounds")


def test_chosen_files_become_a_video(studio, api, clips):
    studio.new_form()
    studio.choose_file("picture", clips.video)
    studio.use_sound(clips.speech)
    studio.choose_quick_model()
    said = studio.wait_for_check()
    assert "480×480 · 0:02.0" in said and "1 face" in said
    studio.browser.find("svg.waveform")
    generation = studio.order()
    studio.wait_for_result()
    made = api.get(f"/v1/generations/{generation}").json()
    assert made["status"] == "completed" and made["order"]["model"] == QUICK_MODEL
    assert made["order"]["video"].keys() == made["order"]["audio"].keys() == {"asset"}


def test_dropped_files_find_their_places(studio, clips):
    studio.new_form()
    x, y = box_middle(studio, "medium-input .drop")
    studio.browser.drop(clips.video, x, y)
    studio.wait_for_medium("picture", clips.video.name)
    # A sound that falls anywhere goes to the sounds.
    x, y = box_middle(studio, "h1")
    studio.browser.drop(clips.speech, x, y)
    studio.wait_for_medium("sound", clips.speech.name)
    assert studio.draft()["soundMode"] == "file"


def test_a_sound_is_refused_as_a_picture(studio, clips):
    studio.new_form()
    x, y = box_middle(studio, "medium-input .drop")
    studio.browser.drop(clips.speech, x, y)
    assert "is a sound, not a clip or a photo" in studio.browser.text_of(".toast.error")
    assert studio.draft()["picture"] is None


def test_a_pasted_address_is_used(studio, api, media):
    studio.new_form()
    studio.browser.script(_PASTE, media.url(media.video_2))
    studio.browser.find_text("face-stage", "A file at an address is not loaded by this page.")
    sound_takes(studio)
    studio.press("Address", "medium-input button")
    studio.browser.find("dialog[open] input[type=url]").type(media.url(media.speech_2))
    studio.press("Use this address")
    studio.wait_for_medium("sound", media.speech_2.name)
    studio.choose_quick_model()
    assert "1 face" in studio.wait_for_check()
    generation = studio.order()
    studio.browser.find("compare-player", 60)
    made = api.get(f"/v1/generations/{generation}").json()
    assert made["order"]["video"] == {"url": media.url(media.video_2)}
    # The original lies at another host, which the page must not load.
    assert studio.browser.find_all(".pane.before") == []
    studio.browser.find_text("a[target=_blank]", "Open the original")


def test_an_earlier_file_is_found_by_name(studio, api, clips):
    upload(api, clips.video, "the-seventh-take.mp4")
    upload(api, clips.portrait, "somebody-else.png")
    studio.new_form()
    studio.press("Earlier files", "medium-input button")
    studio.browser.find_text(".asset-card", "somebody-else.png")
    studio.browser.find("dialog[open] input[type=search]").type("seventh")
    studio.browser.wait_until(lambda: len(studio.browser.find_all(".asset-card")) == 1, what="one card")
    studio.browser.find_text(".asset-card", "the-seventh-take.mp4").click()
    studio.wait_for_medium("picture", "the-seventh-take.mp4")
    assert "1 face" in studio.wait_for_check()


def test_a_text_with_a_voice_that_was_listened_to(studio, api, clips):
    studio.new_form()
    studio.choose_file("picture", clips.video)
    studio.browser.find("textarea").type("Papa may be home by now.")
    studio.browser.find("input[placeholder='Search voices']").type("flite slt")
    studio.browser.find_text(".voice-search [role=status]", "1 voice")
    voice = studio.browser.find("input[name=voice][value=flite-slt]")
    studio.browser.script(
        "window.sounds = []; const play = HTMLMediaElement.prototype.play;"
        "HTMLMediaElement.prototype.play = function () { window.sounds.push(this); return play.call(this); }")
    studio.browser.click(".voice-list button[aria-pressed=false]")
    studio.browser.wait_until(
        lambda: studio.browser.script("return window.sounds.some((sound) => sound.currentTime > 0.2)"),
        what="a voice that is heard")
    voice.click()
    studio.choose_quick_model()
    studio.wait_for_check()
    generation = studio.order()
    studio.wait_for_result()
    text = api.get(f"/v1/generations/{generation}").json()["order"]["text"]
    assert text == {"script": "Papa may be home by now.", "voice": "flite-slt"}
    studio.named("Download the speech")


def test_recordings_of_camera_and_microphone(studio_server, open_window, clips, tmp_path):
    face, words = tmp_path / "face.mjpeg", tmp_path / "words.wav"
    ffmpeg("-i", clips.video, "-vf", "scale=640:480", "-q:v", "3", face)
    make_speech(words, 4)
    browser = open_window(f"--use-file-for-fake-video-capture={face}", f"--use-file-for-fake-audio-capture={words}")
    studio = Studio(studio_server, browser).sign_in()
    studio.new_form()
    studio.press("Camera", "medium-input button")
    browser.find("dialog[open] video")
    record(studio)
    picture = studio.wait_for_medium("picture", "Camera")
    assert picture["kind"] == "video" and picture["durationSeconds"] > 0.3
    studio.browser.find(".face-box", 60)

    sound_takes(studio)
    studio.press("Record", "medium-input button")
    browser.wait_until(
        lambda: browser.script("return (document.querySelector('dialog[open] meter')?.value ?? 0) > 0.02"),
        what="a level of the microphone")
    record(studio)
    sound = studio.wait_for_medium("sound", "Microphone")
    assert sound["durationSeconds"] > 0.3
    studio.choose_quick_model()
    studio.order()
    studio.browser.find("compare-player", 60)


def record(studio: Studio) -> None:
    """Records for some seconds in the dialog that is open, looks at it and takes it."""
    studio.press("Record", "dialog[open] button")
    studio.named("Stop", "dialog[open] button", 10)
    studio.browser.find_text("dialog[open] [role=status]", "0:03")
    studio.press("Stop", "dialog[open] button")
    studio.press("Use this", "dialog[open] button")


# Connections that break.


@pytest.fixture(scope="module")
def large_video(clips, tmp_path_factory):
    """A clip of more than two pieces: players skip the empty box at its end."""
    path = tmp_path_factory.mktemp("large") / "large.mp4"
    size = 20 * 1024 * 1024
    path.write_bytes(clips.video.read_bytes() + struct.pack(">I4s", size, b"free") + bytes(size - 8))
    return path


def network(studio: Studio, is_offline: bool = False, upload_bytes: int = -1) -> None:
    """Breaks the connection, mends it, or makes it slow."""
    studio.browser.devtools("Network.enable", {})
    studio.browser.devtools("Network.emulateNetworkConditions", {
        "offline": is_offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": upload_bytes})


def sent_share(studio: Studio) -> int:
    """How many percent the page says are sent."""
    found = re.search(r"(\d+) % sent", studio.browser.page_text())
    return int(found[1]) if found else 0


def test_an_upload_goes_on_after_a_broken_connection(studio, api, large_video):
    studio.new_form()
    studio.browser.script(_NOTE_OFFSETS)
    network(studio, upload_bytes=4_000_000)
    studio.file_input("picture").type(str(large_video))
    studio.browser.wait_until(lambda: sent_share(studio) >= 45, what="the first piece")
    network(studio, is_offline=True)
    studio.browser.find_text(".sending", "No connection. It goes on by itself.")
    network(studio)
    picture = studio.wait_for_medium("picture", "large.mp4", 60)
    offsets = studio.browser.script("return window.offsets")
    assert offsets[0] == 0 and offsets.count(0) == 1, "it began anew"
    assert api.get(f"/v1/assets/{picture['asset']}").json()["byteCount"] == large_video.stat().st_size


def test_an_upload_goes_on_after_a_reload(studio, api, large_video):
    studio.new_form()
    studio.browser.script(_NOTE_OFFSETS + _HOLD_LATER_PIECES)
    studio.file_input("picture").type(str(large_video))
    kept = "return Object.values(JSON.parse(localStorage.getItem('lipsmith.uploads') ?? '{}'))[0]?.offset ?? 0"
    studio.browser.wait_until(lambda: studio.browser.script(kept) >= PIECE_BYTES, what="the first piece")
    studio.browser.reload()
    studio.browser.find_text(".resume", "“large.mp4” was sent to")
    studio.browser.script(_NOTE_OFFSETS)
    studio.file_input("picture").type(str(large_video))
    picture = studio.wait_for_medium("picture", "large.mp4", 60)
    assert studio.browser.script("return window.offsets[0]") >= PIECE_BYTES
    assert api.get(f"/v1/assets/{picture['asset']}").json()["byteCount"] == large_video.stat().st_size
    assert studio.browser.find_all(".resume") == []

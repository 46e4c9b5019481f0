"""What the tests of the studio share: windows, servers of their own, and clips."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from browser import browsers
from lipsmith import running_server
from media import ffmpeg
from studio import Studio


@dataclass(frozen=True)
class Clips:
    """Files for the form."""

    video: Path
    longer_video: Path
    speech: Path
    portrait: Path
    two_people: Path
    nobody: Path


@pytest.fixture(scope="module")
def open_window():
    """Opens windows of Chromium, which close with the file."""
    with browsers() as open_window:
        yield open_window


@pytest.fixture(scope="module")
def studio_server():
    """A server for the tests of a file."""
    with running_server("--attempts", "1", "--render-slots", "2") as server:
        yield server


@pytest.fixture(scope="module")
def api(studio_server):
    """A plain client with a key of the same organisation."""
    with studio_server.client() as client:
        yield client


@pytest.fixture(scope="module")
def studio(studio_server, open_window) -> Studio:
    """A window that is signed in as operator."""
    return Studio(studio_server, open_window()).sign_in()


@pytest.fixture(scope="session")
def clips(media) -> Clips:
    """The media of the tests, and some more."""
    two_people, nobody = media.folder / "two-people.mp4", media.folder / "nobody.png"
    ffmpeg(
        "-i", media.video_2, "-i", media.video_2, "-filter_complex", "hstack,scale=960:480", "-crf", "20", two_people)
    ffmpeg("-f", "lavfi", "-i", "testsrc=size=480x480", "-frames:v", "1", nobody)
    return Clips(
        video=media.video_2, longer_video=media.video_4, speech=media.speech_2, portrait=media.portrait,
        two_people=two_people, nobody=nobody)

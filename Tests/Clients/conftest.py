"""What the tests share: a server, a web of media beside it, and the media."""

import os
import resource
import signal
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from lipsmith import CHECKOUT, Server, completed, running_server
from local_web import LocalWeb, running_web
from media import PORTRAIT, SIZE, assert_output, make_speech, make_video

os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = str(CHECKOUT / ".third-party-clients/hypothesis")
# Being asked to end is no reason to leave servers behind.
signal.signal(signal.SIGTERM, signal.default_int_handler)
# Servers inherit it, and one test opens a thousand connections.
_, _most_open_files = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (_most_open_files, _most_open_files))


@dataclass(frozen=True)
class Media:
    """Files of the tests and the addresses that give them out; names end with seconds."""

    folder: Path
    web: LocalWeb
    video_2: Path
    video_4: Path
    speech_2: Path
    speech_8_64: Path
    words: Path
    portrait: Path

    def url(self, path: Path) -> str:
        """Where the file can be fetched."""
        return f"{self.web.url}/{path.name}"

    def inputs(self, video: Path | None = None, audio: Path | None = None) -> list[dict]:
        """The `input` of a request; two seconds of each unless told otherwise."""
        return [
            {"type": "video", "url": self.url(video or self.video_2)},
            {"type": "audio", "url": self.url(audio or self.speech_2)},
        ]

    def picture_inputs(self) -> list[dict]:
        """The `input` of a request for a picture that speaks for two seconds."""
        return [{"type": "image", "url": self.url(self.portrait)}, self.inputs()[1]]

    def hopeless_inputs(self) -> list[dict]:
        """Inputs that a request may name; their job fails at once and keeps no other waiting."""
        return self.inputs(self.words, self.words)


@pytest.fixture(scope="session")
def web():
    """Gives out media, takes webhooks."""
    with running_web() as web:
        yield web


@pytest.fixture(scope="session")
def media(web: LocalWeb, tmp_path_factory: pytest.TempPathFactory) -> Media:
    """The good media."""
    folder = tmp_path_factory.mktemp("media")
    files = {
        "video_2": make_video(folder / "video-2.mp4", 2),
        "video_4": make_video(folder / "video-4.mp4", 4),
        "speech_2": make_speech(folder / "speech-2.wav", 2),
        "speech_8_64": make_speech(folder / "speech-8.64.wav", 8.64),
        "words": folder / "words.txt",
        "portrait": PORTRAIT,
    }
    files["words"].write_text("These are words, but nobody says them.\n")
    for path in files.values():
        web.publish(path.name, path.read_bytes())
    return Media(folder=folder, web=web, **files)


@pytest.fixture(scope="session")
def server():
    """The server that most tests share."""
    # One attempt: a second would hide why the first failed.
    with running_server("--prices", "published", "--attempts", "1") as server:
        yield server


@pytest.fixture(scope="session")
def api(server: Server):
    """A plain client with a key."""
    with server.client() as client:
        yield client


@pytest.fixture
def check_result(api: httpx.Client, tmp_path: Path):
    """Waits for a generation, fetches its video without a key and checks it; gives the generation."""

    def check(generation_id: str, seconds: float, size: tuple[int, int] = SIZE) -> dict:
        generation = completed(api, generation_id)
        assert abs(generation["outputDuration"] - seconds) <= 0.08
        reply = httpx.get(generation["outputUrl"], follow_redirects=True)
        assert reply.status_code == 200, reply.text
        assert_output(reply.content, tmp_path, seconds, size)
        return generation

    return check

"""Every page and every state of the studio, each by a name and a function that shows it; for tests and for pictures."""

from collections.abc import Callable
from pathlib import Path

import httpx
from media import PORTRAIT, ffmpeg, make_speech, make_video
from studio import OPERATOR_PAGES, QUICK_MODEL, Studio, order, upload

ENDED = {"completed", "failed", "rejected"}


class Pages:
    """A studio in which something has happened, and what there is to see in it."""

    def __init__(self, studio: Studio, api: httpx.Client, folder: Path):
        self.studio = studio
        self.browser = studio.browser
        self.api = api
        self.folder = folder
        video, longer = make_video(folder / "interview.mp4", 3), make_video(folder / "take.mp4", 6)
        speech, nobody = make_speech(folder / "words.wav", 4), folder / "test-card.png"
        ffmpeg("-f", "lavfi", "-i", "testsrc=size=480x480", "-frames:v", "1", nobody)
        self.video, self.longer = upload(api, video), upload(api, longer)
        self.speech, self.nobody = upload(api, speech), upload(api, nobody)
        self.portrait = upload(api, PORTRAIT)
        api.post("/v1/projects", json={"name": "Spring campaign"})
        clip = {"model": QUICK_MODEL, "video": {"asset": self.video["id"]}, "audio": {"asset": self.speech["id"]}}
        # Nothing listens there.
        self.failed = self._made(
            model="photo", image={"asset": self.nobody["id"]}, audio=clip["audio"], name="A test card speaks",
            webhookUrl="http://127.0.0.1:9/hook")
        self.results = [self._made(**clip, name=f"Interview · {seed}", options={"seed": seed}) for seed in (1, 2)]

    def _made(self, **body) -> str:
        return order(self.api, **body)["id"]

    def wait_for_all(self) -> None:
        """Waits until everything that was ordered has ended."""
        def have_ended() -> bool:
            generations = [self.api.get(f"/v1/generations/{each}").json() for each in [self.failed, *self.results]]
            return all(each["status"] in ENDED for each in generations)
        self.browser.wait_until(have_ended, 120, "the end of every order")

    def all(self) -> dict[str, Callable[[], None]]:
        """How to come to each page, by names that files can have."""
        return {
            "new-empty": self.studio.new_form,
            "new-clip": self.new_clip,
            "new-photo": self.new_photo,
            "earlier-files": self.earlier_files,
            "help": self.help,
            "progress": self.progress,
            "result": self.result,
            "failed": self.failure,
            "grid": self.grid,
            "library": self.library,
            "voices": self.voices,
            "batch": self.batch,
            "verify": self.verify,
            "sessions": lambda: self.studio.go("#/sessions"),
            "nowhere": lambda: self.studio.go("#/nowhere"),
            **{f"operator-{name}": lambda name=name: self.operator(name) for name in OPERATOR_PAGES},
        }

    def _form(self, picture: dict) -> None:
        self.studio.new_form()
        self.studio.press("Earlier files", "medium-input button")
        self.browser.find_text(".asset-card", picture["name"]).click()
        self.studio.wait_for_check()

    def new_clip(self) -> None:
        """A clip with a face, two parts and a sound."""
        self._form(self.longer)
        self.browser.find(".face-box")
        for head in (0.5, 3):
            self.browser.script(
                "const line = document.querySelector('parts-timeline'); line.seek(arguments[0]);"
                "line.add(line.time, line.time + 1.5)", head)
        self.studio.press("Use a sound", "section button")
        self.studio.press("Earlier files", "medium-input button")
        self.browser.find_text(".asset-card", self.speech["name"]).click()
        self.browser.find("svg.waveform", 30)
        self.browser.script(
            "document.querySelectorAll('main details').forEach((each) => each.open = true); scrollTo(0, 0)")

    def new_photo(self) -> None:
        """A photo with a text."""
        self._form(self.portrait)
        self.browser.find("textarea").type("Good morning. This is what I wanted to tell you.")
        self.browser.find("input[name=voice]")
        self.browser.script("scrollTo(0, 0)")

    def earlier_files(self) -> None:
        """The dialog with what was sent earlier."""
        self.studio.new_form()
        self.studio.press("Earlier files", "medium-input button")
        self.browser.find(".asset-card img")

    def help(self) -> None:
        """The dialog with the keys."""
        self.studio.go("#/library")
        self.studio.press("Keys")
        self.browser.find("dialog[open]")

    def progress(self) -> None:
        """A video that waits behind others, or is being drawn."""
        body = {"video": {"asset": self.longer["id"]}, "audio": {"asset": self.long_speech()}}
        generation = self._made(**body, name="A long one")
        self.studio.go(f"#/g/{generation}")
        self.browser.find("progress")
        self.running = generation

    def long_speech(self) -> str:
        """The asset of a sound of two minutes, made once."""
        found = self.api.get("/v1/assets", params={"search": "two-minutes"}).json()["items"]
        if found:
            return found[0]["id"]
        path = make_speech(self.folder / "two-minutes.wav", 120)
        return upload(self.api, path)["id"]

    def end_progress(self) -> None:
        """Gives the video of `progress` up."""
        self.api.post(f"/v1/generations/{self.running}/cancel")

    def result(self) -> None:
        """A finished video with its report."""
        self.studio.go(f"#/g/{self.results[0]}")
        self.studio.wait_for_result(60)

    def failure(self) -> None:
        """One that failed."""
        self.studio.go(f"#/g/{self.failed}")
        self.browser.find(".failure", 60)

    def grid(self) -> None:
        """Variations beside each other."""
        self.studio.go(f"#/grid/{','.join(self.results)}")
        self.browser.wait_until(lambda: len(self.browser.find_all(".variation-grid video")) == 2, 60, "two videos")

    def library(self) -> None:
        """What was made."""
        self.studio.go("#/library")
        self.browser.find("a.work")

    def voices(self) -> None:
        """All voices."""
        self.studio.go("#/voices")
        self.browser.find(".voice-row")

    def batch(self) -> None:
        """A table of orders, one of them wrong."""
        self.studio.go("#/batch")
        self.browser.script(
            "const area = document.querySelector('textarea.code'); area.value = arguments[0];"
            "area.dispatchEvent(new Event('input'))",
            f"name,image,script,voice,temperature\nGreeting,{self.portrait['id']},Hello and welcome.,flite-slt,\n"
            f"Farewell,{self.portrait['id']},See you.,flite-slt,7\n")
        self.browser.find("main tbody tr")
        self.studio.press("Check without ordering")
        self.browser.find_text("main [role=status]", "1 wrong")

    def verify(self) -> None:
        """What is found of a video that was made here."""
        path = self.folder / "made.mp4"
        path.write_bytes(httpx.get(self.api.get(f"/v1/generations/{self.results[0]}").json()["output"]["url"]).content)
        self.studio.go("#/verify")
        self.browser.find_all("main input[type=file]")[0].type(str(path))
        self.browser.find_text("main .problem", "It is as it was signed.", 60)

    def operator(self, name: str) -> None:
        """A page for operators."""
        self.studio.go(f"#/operator/{name}")
        self.browser.find("main .panel td, main .panel .empty, main .panel select")

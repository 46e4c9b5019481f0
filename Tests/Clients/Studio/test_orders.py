"""What the form sends, and what the studio makes of answers: its modules by themselves."""

import json

from studio import QUICK_MODEL, upload

TABLE = "main tbody tr"


def order_of(studio, generation: dict) -> dict:
    """What the form sends for a generation that is made once more."""
    return studio.browser.script_async(
        "const [generation, done] = arguments;"
        "const folder = document.querySelector('script[type=module]').src.replace(/[^/]*$/, '');"
        "import(folder + 'draft.js').then(async (draft) => draft.orderOf(await draft.draftOf(generation)))"
        ".then(done, (error) => done({error: String(error)}))", generation)


def made(order: dict) -> dict:
    """A generation with that order, its media at addresses."""
    text = {"script": "Hello.", "voice": "flite-slt"}
    return {"order": {"text": text, **order}}


VIDEO, IMAGE = {"video": {"url": "https://example.com/a.mp4"}}, {"image": {"url": "https://example.com/a.png"}}


def test_the_speaker_of_a_video_is_always_said(studio):
    assert order_of(studio, made({**VIDEO, "options": {"speaker": "auto"}}))["options"]["speaker"] == "auto"
    assert order_of(studio, made(VIDEO))["options"]["speaker"] == "most-present"
    point = {"frame": 3, "x": 10, "y": 20}
    part = {"startSeconds": 0, "endSeconds": 1, "speaker": "auto"}
    order = order_of(studio, made({**VIDEO, "options": {"speaker": point}, "parts": [part]}))
    assert order["options"]["speaker"] == point
    assert order["parts"] == [part]


def test_the_model_of_a_picture_is_kept(studio):
    assert order_of(studio, made({**IMAGE, "model": "sync-3"}))["model"] == "sync-3"
    sized = {**IMAGE, "model": "photo", "options": {"resolution": "540p"}}
    assert order_of(studio, made(sized))["options"] == {"resolution": "540p"}


def test_errors_of_both_forms_are_read(studio):
    def read(status: int, body: dict, retry_after: str | None = None) -> list:
        return studio.browser.script_async(
            "const [status, text, retryAfter, done] = arguments;"
            "const folder = document.querySelector('script[type=module]').src.replace(/[^/]*$/, '');"
            "import(folder + 'api.js').then((api) => api.readAnswer(status, text, retryAfter))"
            ".catch((it) => done([it.code, it.message, it.suggestion, it.retryAfterSeconds]))",
            status, json.dumps(body), retry_after)

    sync = {"error": "Conflict", "errorCode": "ENDED", "message": "It has ended.", "suggestion": "Make another."}
    assert read(409, sync) == ["ENDED", "It has ended.", "Make another.", None]
    own = {"error": {"code": "full", "message": "No room.", "suggestion": "Wait."}}
    assert read(429, own, "7") == ["full", "No room.", "Wait.", 7]
    assert read(500, {})[1] == "The server answered with status 500."


def test_a_table_that_is_read_again_orders_nothing_twice(studio, api, clips):
    video, sound = upload(api, clips.video)["id"], upload(api, clips.speech)["id"]
    head = "name,model,video,audio\n"
    rows = [f"Again {index},{QUICK_MODEL},{video},{sound}\n" for index in range(2)]

    def order(text: str, count: int) -> set[str]:
        studio.browser.reload()
        studio.settle()
        studio.browser.script(
            "const area = document.querySelector('textarea.code'); area.value = arguments[0];"
            "area.dispatchEvent(new Event('input'))", text)
        studio.browser.wait_until(lambda: len(studio.browser.find_all(TABLE)) == count, what="the rows")
        studio.press("Order", "main button")
        studio.press("Order", "dialog[open] button.primary")
        studio.browser.wait_until(lambda: len(studio.browser.find_all(f"{TABLE} a")) == count, what="orders")
        return {link.attribute("href") for link in studio.browser.find_all(f"{TABLE} a")}

    studio.go("#/batch")
    first = order(head + "".join(rows), 2)
    # One of the same words is another order, as one with others is.
    second = order(head + "".join(rows) + rows[0], 3)
    assert first < second
    names = [item["name"] for item in api.get("/v1/generations").json()["items"]]
    assert len([name for name in names if name.startswith("Again")]) == 3


def test_a_row_waits_while_the_server_has_no_room(studio, api, clips):
    video, sound = upload(api, clips.video)["id"], upload(api, clips.speech)["id"]
    studio.go("#/library")
    studio.go("#/batch")
    studio.browser.script("""
        const whole = window.fetch;
        let times = 7;
        window.fetch = (path, options) => (path === "/v1/generations" && times-- > 0
            ? Promise.resolve(new Response('{"error": {"code": "rate-limited", "message": "Too many.", "suggestion": ""}}',
                {status: 429, headers: {"Retry-After": "1"}})) : whole(path, options));
        const area = document.querySelector("textarea.code");
        area.value = arguments[0];
        area.dispatchEvent(new Event("input"));""", f"name,model,video,audio\nLater,{QUICK_MODEL},{video},{sound}\n")
    studio.browser.wait_until(lambda: len(studio.browser.find_all(TABLE)) == 1, what="a row")
    studio.press("Order", "main button")
    studio.press("Order", "dialog[open] button.primary")
    studio.browser.find_text(f"{TABLE} .badge", "Waiting")
    assert "Too many." in studio.browser.find(TABLE).text
    studio.browser.find(f"{TABLE} a", 30)
    studio.browser.reload()


def test_a_file_that_is_refused_is_deleted_on_the_server(studio, tmp_path):
    words = tmp_path / "words.mp4"
    words.write_text("Nobody says these words. " * 50)
    studio.new_form()
    studio.browser.script("""
        const whole = window.fetch;
        window.deleted = [];
        window.fetch = (path, options) => whole(path, options).then((answer) => {
            if (options?.method === "DELETE") window.deleted.push([path.split("/")[2], answer.status]);
            return answer;
        });""")
    studio.file_input("picture").type(str(words))
    studio.browser.find_text(".toast.error", "The file is no video")
    studio.browser.wait_until(lambda: studio.browser.script("return window.deleted"), what="a deleted upload")
    assert studio.browser.script("return window.deleted") == [["uploads", 204]]
    assert "was sent to" not in studio.browser.find("medium-input").text
    studio.browser.reload()

"""Texts that try to become markup or program: names, scripts and addresses are shown as texts and run nothing."""

import json

import httpx
import pytest
from lipsmith import running_server
from studio import OPERATOR_PAGES, QUICK_MODEL, Studio, order, upload

# What runs tells it.
RUN = "window.hasRun=1"
PAYLOADS = [
    f"<script>{RUN}</script>",
    f"<ScRiPt >{RUN}</sCrIpT >",
    f"<script src=data:text/javascript,{RUN}></script>",
    f"<script/x>{RUN}</script/x>",
    f"<scr<script>ipt>{RUN}</scr</script>ipt>",
    f"<img src=x onerror={RUN}>",
    f"<img src=x onerror=\"{RUN}\"//",
    f"<svg onload={RUN}>",
    f"<svg/onload={RUN}//",
    f"<svg><script>{RUN}</script></svg>",
    f"<svg><animate onbegin={RUN} attributeName=x dur=1s>",
    f"<svg><foreignObject><iframe srcdoc='<script>parent.{RUN}</script>'></foreignObject></svg>",
    f"<math><mtext><table><mglyph><style><img src=x onerror={RUN}>",
    f"<iframe src=\"javascript:parent.{RUN}\"></iframe>",
    f"<iframe srcdoc=\"<script>parent.{RUN}</script>\"></iframe>",
    f"<object data=\"javascript:{RUN}\"></object>",
    f"<embed src=\"javascript:{RUN}\">",
    f"<a href=\"javascript:{RUN}\">press</a>",
    f"<a href=\"java\tscript:{RUN}\">press</a>",
    f"<body onload={RUN}>",
    f"<input autofocus onfocus={RUN}>",
    f"<details open ontoggle={RUN}>",
    f"<video><source onerror={RUN}></video>",
    f"<audio src=x onerror={RUN}>",
    f"<marquee onstart={RUN}>",
    f"<form action=\"javascript:{RUN}\"><button>press</button></form>",
    f"<base href=\"javascript:{RUN}//\">",
    f"<meta http-equiv=refresh content=\"0;url=javascript:{RUN}\">",
    f"<link rel=stylesheet href=\"data:text/css,*{{content:'x'}}\" onload={RUN}>",
    f"<style>@import 'javascript:{RUN}';</style>",
    f"</title><script>{RUN}</script>",
    f"</textarea><script>{RUN}</script>",
    f"</script><script>{RUN}</script>",
    f"</style><img src=x onerror={RUN}>",
    f"--><script>{RUN}</script><!--",
    f"]]><script>{RUN}</script>",
    f"\" onmouseover=\"{RUN}\" autofocus onfocus=\"{RUN}",
    f"' onmouseover='{RUN}' autofocus onfocus='{RUN}",
    f"` onmouseover=`{RUN}`",
    f"javascript:{RUN}",
    f"JaVaScRiPt:{RUN}//%0a{RUN}",
    f"data:text/html,<script>opener.{RUN}</script>",
    f"vbscript:{RUN}",
    f"${{{RUN}}} {{{{{RUN}}}}} #{{{RUN}}} <%= {RUN} %>",
    "{{constructor.constructor('window.hasRun=1')()}}",
    "\u202etxet desrever \u2066\u2069 <img src=x onerror=window.hasRun=1>",
    "nothing\u0000here<script>window.hasRun=1</script>",
    "\u2028window.hasRun=1\u2029",
    f"＜script＞{RUN}＜/script＞",
    f"&lt;script&gt;{RUN}&lt;/script&gt; &#60;img src=x onerror={RUN}&#62;",
    f"%3Cscript%3E{RUN}%3C/script%3E",
    f"\"}}]}}</script><script>{RUN}</script>",
    "__proto__", "constructor",
]


@pytest.fixture(scope="module")
def studio_server(web):
    """A server whose provider of voices has hostile names for them."""
    voices = [{"voice_id": f"v{number}", "name": text, "labels": {"language": text, "gender": text},
               "preview_url": f"javascript:{RUN}"} for number, text in enumerate(PAYLOADS)]
    web.publish("v1/voices", json.dumps({"voices": voices}).encode())
    with running_server(
        "--attempts", "1", "--render-slots", "2", "--elevenlabs-url", web.url, "--elevenlabs-key", "secret",
    ) as server:
        yield server


def printable(text: str) -> str:
    """A name as the server keeps it, or the longest part of it that has only plain characters."""
    return max("".join(each if 32 <= ord(each) < 127 else "\0" for each in text).split("\0"), key=len)


@pytest.fixture(scope="module")
def hostile(api, clips, studio_server) -> dict:
    """Everything that can have a text has each one."""
    picture, video, sound = upload(api, clips.nobody), upload(api, clips.video), upload(api, clips.speech)
    content = clips.nobody.read_bytes()
    made = {"assets": [], "generations": []}
    # A server looks at each file in a process of its own, so that names have several of them.
    for start in range(0, len(PAYLOADS), 3):
        name = " ".join(PAYLOADS[start : start + 3])
        begun = api.post("/v1/uploads", json={"name": name, "byteCount": len(content)})
        assert begun.status_code == 201, begun.text
        path = f"/v1/uploads/{begun.json()['id']}"
        api.patch(path, content=content, headers={"Upload-Offset": "0"})
        asset = api.post(f"{path}/asset", json={})
        assert asset.status_code == 201, asset.text
        made["assets"].append(asset.json())
    for number, text in enumerate(PAYLOADS):
        assert api.post("/v1/projects", json={"name": text}).status_code in {201, 400}
        body = {
            "model": "photo", "image": {"asset": picture["id"]}, "text": {"script": text, "voice": "flite-slt"},
            "webhookUrl": f"http://127.0.0.1:9/{httpx.QueryParams({'x': text})}", "name": text,
        }
        reply = api.post("/v1/generations", json=body)
        if reply.status_code != 201:
            spoken = {"script": "Hello.", "voice": "flite-slt"}
            reply = api.post("/v1/generations", json={**body, "name": f"{number}", "text": spoken})
        assert reply.status_code == 201, reply.text
        made["generations"].append(reply.json())
        # The first ones fail by themselves, the others need not.
        if number > 2:
            assert api.post(f"/v1/generations/{reply.json()['id']}/cancel").status_code == 200
    # One is made to its end: its name has as many of them as there is room for.
    name = " ".join(text for text in PAYLOADS if printable(text) == text)[:1000]
    made["result"] = first_accepted(
        api, name, model=QUICK_MODEL, video={"asset": video["id"]}, audio={"asset": sound["id"]})
    return made


def first_accepted(api, name: str, **body) -> dict:
    """A generation with as much of the name as is allowed."""
    for length in (1000, 500, 255, 200, 120, 100):
        reply = api.post("/v1/generations", json={**body, "name": name[:length]})
        if reply.status_code == 201:
            return reply.json()
    raise AssertionError(reply.text)


_TRACES = """
const foreign = [...document.querySelectorAll('iframe, object, embed, base, marquee, math, foreignObject, body script,'
    + ' body style, body link, body meta, [onerror], [onload], [onfocus]')].map((each) => each.outerHTML.slice(0, 100));
const names = ["href", "src", "action", "poster", "data"];
const addresses = [...document.querySelectorAll("[href], [src], [action], [poster], [data]")]
    .flatMap((each) => names.map((name) => each.getAttribute(name) ?? ""))
    .filter((each) => each && !/^(#|\\/|blob:|https?:|data:image\\/)/.test(each));
return {hasRun: window.hasRun ?? Object.prototype.hasRun ?? null, foreign, addresses};
"""


def assert_nothing_ran(studio: Studio, where: str) -> None:
    """No text became program, and none tried to."""
    # An open dialog of a text's making would refuse this call.
    assert studio.browser.script(_TRACES) == {"hasRun": None, "foreign": [], "addresses": []}, where
    # A refusal by the server is an error of the console, too.
    errors = [line for line in studio.browser.console_errors() if "Failed to load resource" not in line]
    assert errors == [], where


def assert_shown(studio: Studio, text: str, where: str) -> None:
    """The text stands in the page as text."""
    words = printable(text)
    studio.browser.wait_until(
        lambda: studio.browser.script("return document.body.textContent.includes(arguments[0])", words),
        what=f"“{words}” at {where}")


@pytest.mark.parametrize(
    "text", [f"<img src=x onerror={RUN}>", f"<a href=javascript:{RUN}>a</a>", f"<svg onload={RUN}>"])
def test_what_is_taken_for_markup_would_be_noticed(studio, text):
    studio.go("#/sessions")
    studio.browser.script("document.querySelector('main').innerHTML = arguments[0]", text)
    with pytest.raises(AssertionError):
        assert_nothing_ran(studio, "a page that is not careful")
    studio.browser.console_errors()
    studio.browser.reload()
    studio.settle()


def test_lists_show_them_as_texts(studio, hostile, api):
    studio.go("#/library")
    studio.browser.find("a.work")
    for _ in range(4):
        more = [button for button in studio.browser.find_all("main .center button") if button.is_shown]
        if not more:
            break
        more[0].click()
        studio.browser.wait_until(lambda: not studio.browser.find_all("main .center button[aria-busy]"), what="more")
    for item in api.get("/v1/generations", params={"limit": 100}).json()["items"]:
        if item["name"]:
            assert_shown(studio, item["name"], "the library")
    for project in api.get("/v1/projects", params={"limit": 100}).json()["items"]:
        assert_shown(studio, project["name"], "the library's projects")
    studio.press("Projects")
    studio.browser.find("dialog[open] .row.between")
    assert_nothing_ran(studio, "the projects")
    studio.browser.press("Escape")
    assert_nothing_ran(studio, "the library")

    studio.new_form()
    studio.press("Earlier files", "medium-input button")
    studio.browser.find(".asset-card")
    for asset in hostile["assets"]:
        assert_shown(studio, asset["name"], "earlier files")
    assert_nothing_ran(studio, "earlier files")


def test_each_generation_shows_them_as_texts(studio, hostile, api):
    for made in hostile["generations"]:
        studio.go(f"#/g/{made['id']}")
        studio.browser.find("main h1")
        if made["name"]:
            assert_shown(studio, made["name"], "a generation")
        # The order as curl, Python and TypeScript.
        studio.browser.script(
            "document.querySelectorAll('details').forEach((each) => each.open = true);"
            "document.querySelectorAll('code-samples .tabs button').forEach((each) => each.click())")
        assert_nothing_ran(studio, made["name"])


def test_the_form_and_the_result_show_them_as_texts(studio, hostile, api, web):
    studio.go(f"#/g/{hostile['result']['id']}")
    studio.wait_for_result()
    assert_shown(studio, hostile["result"]["name"], "the result")
    assert_nothing_ran(studio, "the result")
    studio.press("Change and redo")
    studio.browser.wait_until(lambda: studio.browser.url.endswith("#/new"), what="the form")
    studio.settle()
    studio.press("Type a text", "section button")
    studio.browser.find("input[placeholder='Search voices']").type("script")
    studio.browser.wait_until(
        lambda: studio.browser.script("return document.body.textContent.includes('<script>')"), what="hostile voices")
    assert_nothing_ran(studio, "the form")


def test_voices_show_them_as_texts(studio, hostile):
    studio.go("#/voices")
    studio.browser.find("input[type=search]").type("elevenlabs")
    studio.browser.find_text("main [role=status]", f"{len(PAYLOADS)} voices")
    for text in PAYLOADS:
        assert_shown(studio, text, "the voices")
    # A sample that is no address cannot be listened to.
    assert not studio.browser.find(".voice-row button").is_enabled
    assert_nothing_ran(studio, "the voices")


def test_operators_see_them_as_texts(studio, hostile, studio_server, api):
    for text in PAYLOADS:
        if not text.startswith(("__", "constructor")):
            made = studio.browser.script_async(
                "const done = arguments[1]; const post = (path, body) => fetch('/v1' + path, {method: 'POST',"
                " headers: {'Content-Type': 'application/json'}, body: JSON.stringify(body)})"
                ".then((each) => each.status);"
                "Promise.all([post('/operator/keys', {name: arguments[0]}),"
                " post('/sign-in-links', {role: 'member', organisation: arguments[0]})]).then(done)", text)
            assert set(made) <= {201, 400, 422}, (text, made)
    token = studio_server.studio_link("--member").partition("#enter=")[2]
    name = f"Browser <img src=x onerror={RUN}> <script>{RUN}</script>"
    opened = httpx.post(f"{studio_server.url}/v1/sessions", json={"token": token}, headers={"User-Agent": name})
    assert opened.status_code == 201
    for page in OPERATOR_PAGES:
        studio.go(f"#/operator/{page}")
        studio.browser.find("main .panel td, main .panel .empty, main .panel select, main .stat")
        assert_nothing_ran(studio, page)
    studio.go("#/operator/sessions")
    assert_shown(studio, name[:40], "the sessions")
    studio.go("#/operator/keys")
    assert_shown(studio, PAYLOADS[5], "the keys")


def test_the_batch_shows_them_as_texts(studio, hostile):
    rows = [
        json.dumps({"name": text, "video": {"url": text}, "text": {"script": text, "voice": text}})
        for text in PAYLOADS]
    studio.go("#/batch")
    studio.browser.script(
        "const area = document.querySelector('textarea.code'); area.value = arguments[0];"
        "area.dispatchEvent(new Event('input'))", "\n".join([*rows, '{"__proto__": {"hasRun": 1}}']))
    studio.browser.wait_until(
        lambda: len(studio.browser.find_all("main tbody tr")) == len(PAYLOADS) + 1, what="all rows")
    studio.press("Check without ordering")
    studio.browser.find_text("main [role=status]", "wrong", 60)
    assert_nothing_ran(studio, "the batch")
    studio.browser.script(
        "const area = document.querySelector('textarea.code'); area.value = arguments[0];"
        "area.dispatchEvent(new Event('input'))", "name,__proto__.hasRun,constructor.prototype.hasRun\nA,1,1\n")
    studio.browser.wait_until(lambda: len(studio.browser.find_all("main tbody tr")) == 1, what="the table")
    assert_nothing_ran(studio, "the table")


def test_hashes_run_nothing(studio):
    studio.browser.script_async(
        "const [texts, done] = arguments;"
        "(async () => { for (const text of texts) for (const page of ['g/', 'grid/', 'operator/', ''])"
        " for (const each of [text, encodeURIComponent(text)]) {"
        "  location.hash = `#/${page}${each}`; await new Promise((next) => setTimeout(next, 0)); } done(); })()",
        PAYLOADS)
    studio.settle()
    assert_nothing_ran(studio, "hashes")


def test_the_report_page_shows_them_as_texts(hostile, studio, api, open_window):
    studio.browser.wait_until(
        lambda: api.get(f"/v1/generations/{hostile['result']['id']}").json()["status"] == "completed", 60, "the result")
    window = open_window()
    window.open(api.get(f"/v1/generations/{hostile['result']['id']}").json()["reportPageUrl"])
    window.find(".report-plots")
    assert window.script("return window.hasRun ?? null") is None
    assert window.find_all("iframe, object, embed, img[src=x], [onerror], [onload]") == []
    assert window.text_of("h1").startswith(hostile["result"]["name"][:40])
    assert window.console_errors() == []

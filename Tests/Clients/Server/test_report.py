"""The measured report wherever it comes out: a file, a page, the interface and a webhook, all of one form."""

import json
import subprocess

import jsonschema_rs
import pytest
from lipsmith import CHECKOUT, JOB_SECONDS, PROGRAM, completed

SCHEMA = json.loads((CHECKOUT / "docs/report.schema.json").read_text())
VALIDATOR = jsonschema_rs.validator_for(SCHEMA)


def assert_valid(report: dict):
    """Checks a report against the documented schema, and that it knows no member besides."""
    errors = [f"{error.instance_path}: {error.message}" for error in VALIDATOR.iter_errors(report)]
    assert not errors, errors
    assert set(report) <= set(SCHEMA["properties"])
    assert set(report["measures"]) <= set(SCHEMA["properties"]["measures"]["properties"])


def render(media, folder, report):
    """Renders the clip on the command line with a report of that name."""
    subprocess.run(
        [PROGRAM, "sync", "--video", media.video_2, "--audio", media.speech_2, "--out", folder / "out.mp4",
         "--preset", "ultrafast", "--report", folder / report, "--quiet"],
        check=True)
    return folder / report


def test_file(media, tmp_path):
    """`--report FILE.json` writes a report of the documented form, whose numbers fit together."""
    report = json.loads(render(media, tmp_path, "report.json").read_text())
    assert_valid(report)
    frames = report["output"]["frames"]
    assert len(report["curves"]["opening"]) == frames
    assert report["measures"]["outside"]["changedSamples"] == 0
    assert report["measures"]["framesMeasured"] <= frames / 5
    assert {"coverage", "outside", "loudness"} <= {verdict["measure"] for verdict in report["verdicts"]}


def test_page(media, tmp_path):
    """`--report FILE.html` writes one page that asks for nothing else and holds the same report."""
    page = render(media, tmp_path, "report.html").read_text()
    assert page.startswith("<!doctype html>")
    assert "http://" not in page.replace("http://www.w3.org/", "") and "https://" not in page
    data = page.split('id="report">', 1)[1].split("</script>", 1)[0]
    assert_valid(json.loads(data))


@pytest.mark.parametrize("kind", ["clip", "picture"])
def test_interface_and_webhook(server, media, web, kind):
    """A generation's report is answered as JSON and as a page, and its webhook names it in a header."""
    hook = web.make_hook(f"report-{kind}")
    body = {
        "model": "lipsync-2" if kind == "clip" else "sync-3", "webhookUrl": hook,
        "input": media.inputs() if kind == "clip" else media.picture_inputs(),
    }
    with server.client() as client:
        generation = client.post("/v2/generate", json=body).json()
        completed(client, generation["id"])
        path = f"/v1/generations/{generation['id']}"
        report = client.get(f"{path}/report")
        assert report.status_code == 200
        assert report.headers["Content-Type"] == "application/json"
        assert_valid(report.json())
        page = client.get(f"{path}/report.html")
        assert page.status_code == 200
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]
        link = web.delivery(hook, JOB_SECONDS).headers["link"]
        address, relation, kind_of_link = link.split("; ")
        assert (relation, kind_of_link) == ('rel="describedby"', 'type="application/json"')
        linked = client.get(address.strip("<>"), headers={"x-api-key": ""})
        assert linked.json() == report.json()
        assert client.get(f"{path}/report", headers={"x-api-key": "sk-wrong"}).status_code == 401

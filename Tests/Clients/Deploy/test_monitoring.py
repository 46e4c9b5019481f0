"""The dashboard and the alerts ask for numbers that a server really gives, with labels that they really have."""

import json
import re
import shutil
import socket
import subprocess
import time
from collections import defaultdict

import httpx
import pytest
import yaml
from lipsmith import CHECKOUT, completed, running_server

ALERTS = CHECKOUT / "deploy/prometheus/alerts.yaml"
DASHBOARD = CHECKOUT / "deploy/grafana/lipsmith.json"
# What Prometheus adds to whatever it scrapes, and its own number about that.
ADDED_LABELS = {"instance", "job"}
ADDED_METRICS = {"up"}
SAMPLE = re.compile(r'^([a-z_]+)(?:\{(.*)\})? (\S+)$', re.MULTILINE)
TEXT = re.compile(r'"(?:[^"\\]|\\.)*"')
FUNCTIONS = {
    "sum", "max", "min", "rate", "increase", "topk", "histogram_quantile", "predict_linear", "label_values", "and",
}


def expressions() -> list[str]:
    """Every expression of both files."""
    found = [rule["expr"] for group in yaml.safe_load(ALERTS.read_text())["groups"] for rule in group["rules"]]
    dashboard = json.loads(DASHBOARD.read_text())
    found += [target["expr"] for panel in dashboard["panels"] for target in panel.get("targets", [])]
    found += [variable["query"] for variable in dashboard["templating"]["list"] if variable["type"] == "query"]
    return found


def series(text: str) -> dict[str, dict[str, set[str]]]:
    """The values of each label of each metric in Prometheus' text."""
    known = defaultdict(lambda: defaultdict(set))
    for name, labels, _ in SAMPLE.findall(text):
        known[name]
        for label, value in re.findall(r'([a-z_]+)="([^"]*)"', labels):
            known[name][label].add(value)
    return known


def faults(expression: str, known: dict[str, dict[str, set[str]]]) -> list[str]:
    """What an expression asks for that nobody gives."""
    found = []
    names = set()
    for name, matchers in re.findall(r"\b([a-z_]+)\{([^}]*)\}", expression):
        for label, operator, value in re.findall(r'([a-z_]+)\s*(=~|!=|!~|=)\s*"([^"]*)"', matchers):
            values = known.get(name, {}).get(label, set())
            if label not in ADDED_LABELS and (not values or operator in ("=", "!=") and value not in values):
                found.append(f'{name} has no {label}="{value}"')
    bare = re.sub(r"\[[^]]*\]|\{[^}]*\}", "", TEXT.sub("", expression))
    groupings = re.findall(r"\bby \(([^)]*)\)", bare)
    for name in re.findall(r"\b[a-z_]{2,}\b", re.sub(r"\bby \([^)]*\)|, instance\)", "", bare)):
        if name in FUNCTIONS | ADDED_METRICS:
            continue
        names.add(name)
        if name not in known:
            found.append(f"there is no {name}")
    labels = ADDED_LABELS.union(*(known.get(name, {}) for name in names))
    for label in re.findall(r"[a-z_]+", " ".join(groupings)):
        if label not in labels:
            found.append(f"{sorted(names)} have no {label}")
    return found


def numbers_with(client: httpx.Client, *patterns: str) -> str:
    """The numbers of a server once they have every pattern."""
    deadline = time.monotonic() + 60
    while True:
        text = client.get("/metrics").text
        missing = [pattern for pattern in patterns if not re.search(pattern, text)]
        if not missing:
            return text
        assert time.monotonic() < deadline, f"{missing}\n{text}"
        time.sleep(0.05)


@pytest.fixture(scope="module")
def scraped(media, web) -> str:
    """The numbers of a server that has made a video, told of it, and failed another job."""
    with running_server("--attempts", "1") as server, server.client() as client:
        for inputs, hook in [(media.inputs(), web.make_hook("made")), (media.hopeless_inputs(), None)]:
            order = {"model": "lipsync-2", "input": inputs, **({"webhookUrl": hook} if hook else {})}
            reply = client.post("/v2/generate", json=order)
            assert reply.status_code == 201, reply.text
            if hook:
                completed(client, reply.json()["id"])
                web.delivery(hook, 20)
            else:
                client.get(f"/v2/generate/{reply.json()['id']}", params={"wait": "true", "timeout": 60})
        # A webhook's try is told after its answer.
        return numbers_with(
            client, r'lipsmith_attempts_total\{result="failed"\} 1', r"lipsmith_video_seconds_total [1-9]",
            r'lipsmith_webhook_tries_total\{result="delivered"\} 1')


def test_what_happened_is_counted(scraped):
    values = {(name, labels): float(value) for name, labels, value in SAMPLE.findall(scraped)}
    assert values["lipsmith_attempts_total", 'result="completed"'] == 1
    assert values["lipsmith_attempts_total", 'result="failed"'] == 1
    assert values["lipsmith_attempts_total", 'result="retried"'] == 0
    assert values["lipsmith_webhook_tries_total", 'result="delivered"'] == 1
    assert 1.9 < values["lipsmith_video_seconds_total", ""] < 2.1
    assert 0 < values["lipsmith_render_seconds_total", ""] < 100
    assert values["lipsmith_oldest_waiting_job_seconds", ""] == 0
    assert values["lipsmith_oldest_due_webhook_seconds", ""] == 0
    assert values["lipsmith_store_failures_total", ""] == 0
    assert values["lipsmith_ready", ""] == 1


def test_a_waiting_job_grows_old(media):
    with running_server("--render-slots", "1", "--free-space", "0") as server, server.client() as client:
        for _ in range(3):
            reply = client.post("/v2/generate", json={"model": "lipsync-2", "input": media.inputs(media.video_4)})
            assert reply.status_code == 201, reply.text
        ages = []
        while not ages or ages[-1] < 0.5:
            assert 'lipsmith_jobs{state="waiting"} 0' not in (text := client.get("/metrics").text), ages
            ages.append(float(re.search(r"^lipsmith_oldest_waiting_job_seconds (\S+)$", text, re.MULTILINE)[1]))
    assert ages == sorted(ages)


def test_a_stopped_receiver_and_a_full_disk_are_seen(media):
    with running_server("--attempts", "1") as server, server.client() as client:
        with socket.socket() as nobody:
            # Bound, and listening to nobody.
            nobody.bind(("127.0.0.1", 0))
            hook = f"http://127.0.0.1:{nobody.getsockname()[1]}/hook"
            order = {"model": "lipsync-2", "input": media.hopeless_inputs(), "webhookUrl": hook}
            assert client.post("/v2/generate", json=order).status_code == 201
            numbers_with(client, r'lipsmith_webhook_tries_total\{result="unreachable"\} [1-9]')
    with running_server("--free-space", "1073741824") as server, server.client() as client:
        assert "\nlipsmith_ready 0\n" in client.get("/metrics").text


def test_dashboard_and_alerts_ask_for_what_there_is(scraped):
    known = series(scraped)
    # Stored files are compared with their digests some time after the start.
    for name in ("lipsmith_storage_checked_files", "lipsmith_storage_damaged_files"):
        assert name in (CHECKOUT / "Sources/Program/Server/Routes/OperatorRoutes.swift").read_text()
        known[name]
    asked = expressions()
    assert len(asked) > 30
    assert [fault for expression in asked for fault in faults(expression, known)] == []


@pytest.mark.parametrize("expression", [
    "max(lipsmith_job)", 'lipsmith_jobs{state="asleep"}', 'lipsmith_jobs{status="waiting"}',
    "sum by (outcome) (rate(lipsmith_attempts_total[5m]))", "label_values(lipsmith_alive, instance)",
    "rate(http_request_duration_bucket[5m])", "rte(lipsmith_attempts_total[5m])",
])
def test_a_wrong_name_is_found(scraped, expression):
    assert faults(expression, series(scraped))


def test_ids_and_places_on_the_dashboard_are_clear():
    panels = json.loads(DASHBOARD.read_text())["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    places = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in panels]
    assert len(set(places)) == len(places)
    assert all(panel["gridPos"]["x"] + panel["gridPos"]["w"] <= 24 for panel in panels)


@pytest.mark.skipif(not shutil.which("promtool"), reason="promtool is not installed")
def test_prometheus_takes_the_expressions(tmp_path):
    subprocess.run(["promtool", "check", "rules", ALERTS], check=True)
    subprocess.run(["promtool", "test", "rules", ALERTS.with_name("alerts.test.yaml")], check=True)
    subprocess.run(["promtool", "check", "config", "--syntax-only", ALERTS.parent / "scrape.yaml"], check=True)
    # What the dashboard asks, as rules.
    asked = [expression for expression in expressions() if not expression.startswith("label_values")]
    rules = [{"record": f"dashboard:{number}", "expr": text} for number, text in enumerate(asked)]
    file = tmp_path / "dashboard.yaml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "dashboard", "rules": rules}]}))
    subprocess.run(["promtool", "check", "rules", file], check=True)

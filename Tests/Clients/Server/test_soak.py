"""The soak finds what it looks for, and a short one runs."""

import subprocess
import sys
from types import SimpleNamespace

import pytest
from lipsmith import CHECKOUT

sys.path.insert(0, str(CHECKOUT / "scripts"))
from soaking import account  # noqa: E402
from soaking.ledger import Job, Ledger, Sample  # noqa: E402


def job(name: str, **facts) -> Job:
    return Job(**{"id": name, "interface": "Sync", "kind": "film", "is_good": True, "has_webhook": True,
                  "end": "COMPLETED", "digest": "d", "output": "u", **facts})


@pytest.mark.parametrize(("first", "state", "digest", "fault"), [
    ({}, ("COMPLETED", "u"), "d", None),
    ({}, ("FAILED", None), "d", "published late"),
    ({}, ("COMPLETED", "u"), "another", "published late"),
    ({}, None, "d", "lost"),
    ({"end": None}, ("COMPLETED", "u"), "d", "lost"),
])
def test_a_change_after_the_end_is_noticed(first, state, digest, fault):
    ledger = Ledger()
    client = SimpleNamespace(state=lambda _: state, digest=lambda _: digest)
    account.check_end(job("a", **first), client, ledger)
    assert dict(ledger.counts) == ({fault: 1} if fault else {}) and ledger.is_sound == (fault is None)


def test_lists_tell_what_is_lost_and_what_is_doubled():
    def listing(names):
        return SimpleNamespace(call=lambda _, path: SimpleNamespace(
            json={"data": []} if "web-app" in path else [{"id": name} for name in names]))

    for names, fault in [("ab", None), ("a", "lost"), ("abc", "doubled"), ("aab", "doubled")]:
        ledger = Ledger()
        for name in "ab":
            ledger.accept(job(name))
        account.check_lists({"Sync": listing(names), "Hedra": listing("")}, ledger)
        assert dict(ledger.counts) == ({fault: 1} if fault else {}), names
    ledger.accept(job("a"))
    assert ledger.counts["doubled"] == 2


def test_webhooks_come_once_and_say_how_it_ended(monkeypatch):
    monkeypatch.setattr(account, "WEBHOOK_SECONDS", 0)
    for deliveries, told, fault in [
        ({"m1"}, "COMPLETED", None), (set(), None, "webhooks missing"), ({"m1", "m2"}, "COMPLETED", "webhooks doubled"),
        ({"m1"}, "FAILED", "published late"),
    ]:
        ledger = Ledger()
        ledger.accept(job("a"))
        ledger.deliveries["a"] = deliveries
        account.check_webhooks(SimpleNamespace(told={"a": told}), ledger)
        assert dict(ledger.counts) == ({fault: 1} if fault else {}) and ledger.is_sound == (fault is None)


def test_the_slope_is_that_of_the_longest_life_after_its_warm_up():
    ledger = Ledger(warm_up_seconds=10)
    ledger.samples = [Sample(1, second, 50 + second, 9) for second in range(20)]
    # Grows by 2 MiB a second while it warms up, by 0.01 afterwards.
    ledger.samples += [Sample(2, 100 + second, 2 * min(second, 10) + 0.01 * second, 9) for second in range(100)]
    slope, minutes = ledger.slope()
    assert slope == pytest.approx(36) and minutes == pytest.approx(89 / 60)


def test_a_short_soak_with_kills_is_sound(tmp_path):
    report = tmp_path / "report.md"
    run = subprocess.run(
        [CHECKOUT / "scripts/soak", "0.15", "--kills", "both", "--pause", "3", "--clients", "1", "--report", report],
        capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    rows = dict(line.strip("| ").split(" | ") for line in report.read_text().splitlines()[2:])
    assert rows["lost"] == rows["doubled"] == rows["published late"] == "0"
    assert int(rows["jobs"].split(":")[0]) >= 2 and rows["kills"] != "server 0, children 0"
    assert report.read_text().strip() in run.stdout

"""The account after the load: what was accepted must have ended once, and must still be as it was told first."""

import time

from .clients import PATIENCE_SECONDS, Client, HedraClient, SyncClient
from .ledger import Job, Ledger
from .server import Server
from .web import Web

# A delivery that was refused is tried again after 5 s and 30 s; one that a dying server held, after its lease.
WEBHOOK_SECONDS = 150


def settle(server: Server, web: Web, ledger: Ledger):
    """Looks at everything again and enters what is wrong into the ledger."""
    limit = time.monotonic() + PATIENCE_SECONDS
    clients: dict[str, Client] = {}
    for kind in (SyncClient, HedraClient):
        client = kind(server, web, {}, ledger, None)
        client.limit = limit
        clients[kind.interface] = client
    for job in ledger.jobs.values():
        check_end(job, clients[job.interface], ledger)
    check_lists(clients, ledger)
    check_webhooks(web, ledger)
    check_work_folder(server, ledger)
    ledger.last = server.sample()


def check_end(job: Job, client: Client, ledger: Ledger):
    """A job has ended, and neither its state nor its output has changed since that was told."""
    state = client.state(job)
    if job.end is None or state is None:
        return ledger.fault("lost", f"{job.interface} {job.kind} {job.id} has not ended")
    if state[0] != job.end:
        return ledger.fault("published late", f"{job.id} was told as {job.end} and is {state[0]} now")
    if job.output and client.digest(job) != job.digest:
        ledger.fault("published late", f"the output of {job.id} is another one now")


def check_lists(clients: dict[str, Client], ledger: Ledger):
    """The lists have exactly the accepted jobs: a repeated request has made no second one."""
    sync = clients["Sync"].call("GET", "/v2/generations").json
    hedra = []
    while True:
        path = f"{HedraClient.base}/generations?limit=500&offset={len(hedra)}"
        page = clients["Hedra"].call("GET", path).json["data"]
        hedra += page
        if len(page) < 500:
            break
    for interface, listed in (("Sync", sync), ("Hedra", hedra)):
        names = [item["id"] for item in listed]
        # Speech jobs of Sync's interface stand in no list.
        known = {
            job.id for job in ledger.jobs.values()
            if job.interface == interface and (interface, job.kind) != ("Sync", "speech")
        }
        for name in known - set(names):
            ledger.fault("lost", f"{name} is in no list")
        for name in set(names) - known:
            ledger.fault("doubled", f"nobody ordered {name}")
        if len(set(names)) != len(names):
            ledger.fault("doubled", f"{interface} lists a job twice")


def check_webhooks(web: Web, ledger: Ledger):
    """Every job that has a webhook was told of, once, and as it has ended."""
    wanted = {job.id: job for job in ledger.jobs.values() if job.has_webhook}
    deadline = time.monotonic() + WEBHOOK_SECONDS
    while set(wanted) - set(ledger.deliveries) and time.monotonic() < deadline:
        time.sleep(1)
    for name, job in wanted.items():
        deliveries = ledger.deliveries.get(name, set())
        if not deliveries:
            ledger.fault("webhooks missing", name)
        # The same delivery may come twice, when the server dies between sending it and writing that down.
        if len(deliveries) > 1:
            ledger.fault("webhooks doubled", f"{name} was told of by {sorted(deliveries)}")
        if deliveries and web.told[name] != job.end:
            ledger.fault("published late", f"the webhook of {name} says {web.told[name]}, its state {job.end}")


def check_work_folder(server: Server, ledger: Ledger):
    """Counts what is left of attempts; those of processes that were killed go when the next one starts."""
    folder = server.folder / "data/work"
    kept = {"lock", "analyses"}
    ledger.count("work folders", sum(path.name not in kept for process in folder.iterdir() for path in process.iterdir()))

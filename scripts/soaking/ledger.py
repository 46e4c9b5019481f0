"""What was ordered and what came of it."""

import statistics
import threading
from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Job:
    """One accepted order."""

    id: str
    interface: str
    kind: str
    # Whether it must end well.
    is_good: bool
    has_webhook: bool
    # The first answer that told the end: status, and the digest of what was made.
    end: str | None = None
    digest: str | None = None
    output: str | None = None


@dataclass
class Sample:
    """What one server process held at one moment."""

    process: int
    seconds: float
    memory_mib: float
    descriptors: int


@dataclass
class Ledger:
    """The account of a run. Counters are added to by many threads, so `count` and `accept` lock."""

    jobs: dict[str, Job] = field(default_factory=dict)
    counts: Counter = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)
    warm_up_seconds: float = 0
    first: Sample | None = None
    last: Sample | None = None
    # For each generation the names of its deliveries.
    deliveries: dict[str, set[str]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, name: str, number: int = 1):
        """Adds to a counter."""
        with self.lock:
            self.counts[name] += number

    def fault(self, name: str, sentence: str):
        """Counts something that must not happen, and remembers a sentence about it."""
        with self.lock:
            self.counts[name] += 1
            self.faults.append(f"{name}: {sentence}")

    def accept(self, job: Job):
        """Enters an accepted order. The same request twice must have the same name."""
        with self.lock:
            if job.id in self.jobs:
                self.counts["doubled"] += 1
                self.faults.append(f"doubled: two orders got the name {job.id}")
            self.jobs[job.id] = job

    def summary(self) -> str:
        """One line while it runs."""
        ended = sum(job.end is not None for job in self.jobs.values())
        return f"{len(self.jobs)} jobs, {ended} ended, {self.kills} kills, {self.counts['webhooks']} webhooks"

    @property
    def kills(self) -> int:
        """How often something was killed."""
        return self.counts["server kills"] + self.counts["child kills"]

    @property
    def is_sound(self) -> bool:
        """Whether nothing happened that must not."""
        grave = ("lost", "doubled", "published late", "webhooks missing", "webhooks not signed", "webhooks doubled")
        # Whose child is killed looks like a file that takes its reader down; without kills nothing may be refused or fail.
        mild = ("refused", "failed wrongly")
        return not any(self.counts[name] for name in grave + (() if self.kills else mild))

    def slope(self) -> tuple[float, float] | None:
        """How the memory of the server grows, in MiB an hour, and over how many minutes that was seen: the line of least
        squares through the samples of the process that lived longest, after its warm-up."""
        lives: dict[int, list[Sample]] = {}
        for sample in self.samples:
            lives.setdefault(sample.process, []).append(sample)
        spans = []
        for life in lives.values():
            warm = [sample for sample in life if sample.seconds >= life[0].seconds + self.warm_up_seconds]
            if len(warm) >= 10:
                spans.append(warm)
        if not spans:
            return None
        longest = max(spans, key=lambda span: span[-1].seconds - span[0].seconds)
        line = statistics.linear_regression(
            [sample.seconds for sample in longest], [sample.memory_mib for sample in longest])
        return line.slope * 3600, (longest[-1].seconds - longest[0].seconds) / 60

    def table(self, chosen) -> str:
        """The figures as a table of a document."""
        jobs = self.jobs.values()
        kinds = Counter(f"{job.interface} {job.kind}" for job in jobs)
        slope = self.slope()
        rows = [
            ("minutes of load", f"{chosen.minutes:g}, {chosen.clients} clients of each interface"),
            ("jobs", f"{len(self.jobs)}: " + ", ".join(f"{kind} {count}" for kind, count in sorted(kinds.items()))),
            ("ended well / failed as they must", f"{self.counts['ended well']} / {self.counts['failed rightly']}"),
            ("failed though they should not", self.counts["failed wrongly"]),
            ("refused though they should not", self.counts["refused"]),
            ("kills", f"server {self.counts['server kills']}, children {self.counts['child kills']}"),
            ("lost", self.counts["lost"]),
            ("doubled", self.counts["doubled"]),
            ("published late", self.counts["published late"]),
            ("reads of lists and facts", self.counts["reads"]),
            ("answers with 5xx", self.counts["answers with 5xx"]),
            ("connections that broke", self.counts["broken connections"]),
            ("webhooks delivered", f"{self.counts['webhooks']} for {len(self.deliveries)} jobs"),
            ("webhooks refused on purpose, sent again", self.counts["webhooks refused on purpose"]),
            ("webhooks missing / not signed / doubled",
             " / ".join(str(self.counts[f"webhooks {word}"]) for word in ("missing", "not signed", "doubled"))),
            ("memory of the server at start, at end", f"{self.first.memory_mib:.0f} MiB, {self.last.memory_mib:.0f} MiB"),
            ("open descriptors at start, at end", f"{self.first.descriptors}, {self.last.descriptors}"),
            ("slope of the memory after warm-up",
             f"{slope[0]:+.1f} MiB an hour, seen over {slope[1]:.1f} minutes" if slope else "no process lived long enough"),
            ("folders left below work/", self.counts["work folders"]),
        ]
        return "\n".join(["| figure | value |", "| --- | --- |", *(f"| {name} | {value} |" for name, value in rows)])

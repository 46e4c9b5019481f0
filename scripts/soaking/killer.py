"""Kills the server and its children at random moments."""

import random
import time

from .ledger import Ledger
from .server import Server


class Killer:
    """Sends SIGKILL, which nothing can be done against."""

    def __init__(self, server: Server, ledger: Ledger, targets: str, pause_seconds: float, chance: random.Random):
        self.server = server
        self.ledger = ledger
        self.targets = {"none": [], "both": ["server", "child"], "server": ["server"], "children": ["child"]}[targets]
        self.pause_seconds = pause_seconds
        self.chance = chance

    def work(self, end: float):
        """Kills until the moment `end`."""
        while self.targets:
            pause = self.chance.uniform(0.2, 1.8) * self.pause_seconds
            if time.monotonic() + pause >= end:
                return
            time.sleep(pause)
            if self.chance.choice(self.targets) == "server":
                self.server.kill()
                self.ledger.count("server kills")
            elif self._kill_next_child():
                self.ledger.count("child kills")

    def _kill_next_child(self) -> bool:
        """Kills the next child that there is within some seconds."""
        for _ in range(200):
            if self.server.kill_child():
                return True
            time.sleep(0.02)
        return False

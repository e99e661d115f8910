"""
The clients of the consistency checker, a process of its own: sends at given rates to all nodes and writes down what came back.

    python3 crowd.py PLAN OUT

PLAN is JSON: ports, run (a name), seconds, seed, connections (per node), streams: [{path, key, rate}], and steady: true for the same
rate to every node all the time. What a stream may have: `number`, its own for OUT; `hold`, the shortest and longest time in ms that the
upstream is asked to hold a request (X-Hold), with `long`, how many of a hundred are held for LONG_SECONDS instead, and `leave`, how many
of a hundred clients go away before they are answered.
OUT gets one line for each request: path, stream, node, begin, end (ns since 1970), status (0: no answer), seconds to the window's end as
the node says (-1: unknown).

Which node gets how much changes every five seconds, and every nine seconds the rate is four times as high for 0.3 s around the turn of a
second. A request for a node that has no free connection goes to another one, as a load balancer would do it.
"""

import asyncio
import json
import random
import socket
import struct
import sys
import time

PHASE_SECONDS = 5
# How much of the load each node gets, in turn; for three nodes, repeated for more.
PHASES = [(1, 1, 1), (8, 1, 1), (1, 8, 1), (1, 1, 1), (1, 1, 8), (98, 1, 1)]
BURST_EVERY, BURST_SECONDS, BURST_FACTOR = 9, 0.15, 4
TICK_SECONDS = 0.004
# Longer than any pause of a node.
TIMEOUT_SECONDS = 20
RECONNECT_SECONDS = 0.1
LONG_SECONDS = 4
RESET = struct.pack("ii", 1, 0)


class Client(asyncio.Protocol):
    """A connection that is kept; one request at a time."""

    def __init__(self, crowd, node):
        self.crowd, self.node = crowd, node
        self.transport, self.request, self.begin, self.data = None, None, 0, b""

    def connection_made(self, transport):
        self.transport = transport
        self.crowd.free[self.node].append(self)

    def send(self, path, key, stream, more=""):
        self.request = (path, stream)
        head = f"GET {path} HTTP/1.1\r\nHost: check\r\nX-Key: {key}\r\n{more}\r\n".encode("ascii")
        self.crowd.pending.add(self)
        self.begin = time.time_ns()
        self.transport.write(head)

    def data_received(self, data):
        self.data += data
        end = self.data.find(b"\r\n\r\n")
        if end < 0:
            return
        head = self.data[:end].lower()
        if len(self.data) < end + 4 + number(head, b"\r\ncontent-length: ", 0):
            return
        self.finish(int(head[9:12]), number(head, b"\r\nratelimit-reset: ", -1))
        self.data = b""
        if b"\r\nconnection: close" in head:
            self.transport.close()
        else:
            self.crowd.free[self.node].append(self)

    def finish(self, status, reset):
        path, stream = self.request
        self.crowd.lines.append(f"{path} {stream} {self.node} {self.begin} {time.time_ns()} {status} {reset}\n")
        self.crowd.pending.discard(self)
        self.request = None

    def leave(self, path, reset):
        """Goes away if it still waits for that answer."""
        if self.request and self.request[0] == path:
            self.finish(0, -1)
            if reset:
                self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            self.transport.abort()

    def connection_lost(self, failure):
        if self.request:
            self.finish(0, -1)
        elif self in self.crowd.free[self.node]:
            self.crowd.free[self.node].remove(self)
        self.crowd.open[self.node] -= 1


class Crowd:
    """All clients of a run."""

    def __init__(self, plan):
        self.plan = plan
        self.nodes = range(len(plan["ports"]))
        self.free = [[] for _ in self.nodes]
        self.open = [0 for _ in self.nodes]
        self.pending, self.lines = set(), []
        self.random = random.Random(plan["seed"])
        self.steady = plan.get("steady", False)
        self.unsent = 0

    async def run(self):
        keepers = [asyncio.ensure_future(self.keep_connected(node)) for node in self.nodes]
        await asyncio.sleep(0.5)
        begin = last = time.time()
        due = [self.random.random() for _ in self.plan["streams"]]
        count = 0
        while last - begin < self.plan["seconds"]:
            await asyncio.sleep(TICK_SECONDS)
            now = time.time()
            factor = BURST_FACTOR if not self.steady and in_burst(now) else 1
            weights = self.weights(now - begin)
            for stream, what in enumerate(self.plan["streams"]):
                due[stream] += what["rate"] * factor * min(now - last, 0.1)
                while due[stream] >= 1:
                    due[stream] -= 1
                    count += 1
                    self.send(what.get("number", stream), what, count, weights)
            last = now
            self.give_up(TIMEOUT_SECONDS)
        patience = time.time() + TIMEOUT_SECONDS
        while self.pending and time.time() < patience:
            await asyncio.sleep(0.05)
        for keeper in keepers:
            keeper.cancel()
        self.give_up(0)

    def weights(self, since):
        phase = (1,) if self.steady else PHASES[int(since / PHASE_SECONDS) % len(PHASES)]
        return [phase[node % len(phase)] for node in self.nodes]

    def send(self, stream, what, count, weights):
        usable = [node for node in self.nodes if self.free[node]]
        if not usable:
            self.unsent += 1
            return
        node = self.random.choices(self.nodes, weights)[0]
        if not self.free[node]:
            node = self.random.choice(usable)
        client, path = self.free[node].pop(), f"{what['path']}/{self.plan['run']}/{count}"
        if "hold" not in what:
            client.send(path, what["key"], stream)
            return
        hold = LONG_SECONDS * 1000 if self.percent(what["long"]) else self.random.randint(*what["hold"])
        client.send(path, what["key"], stream, f"X-Hold: {hold}\r\n")
        if self.percent(what["leave"]):
            after = hold / 1000 * self.random.uniform(0.1, 0.9)
            asyncio.get_running_loop().call_later(after, client.leave, path, self.percent(50))

    def percent(self, chance):
        return self.random.random() * 100 < chance

    def give_up(self, seconds):
        oldest = time.time_ns() - seconds * 10**9
        for client in [client for client in self.pending if client.begin < oldest]:
            client.finish(0, -1)
            client.transport.abort()

    async def keep_connected(self, node):
        loop = asyncio.get_running_loop()
        while True:
            try:
                while self.open[node] < self.plan["connections"]:
                    self.open[node] += 1
                    try:
                        await asyncio.wait_for(
                            loop.create_connection(lambda: Client(self, node), "127.0.0.1", self.plan["ports"][node]), 2)
                    except BaseException:
                        self.open[node] -= 1
                        raise
            except (OSError, asyncio.TimeoutError):
                pass  # it is down, or stands still
            await asyncio.sleep(RECONNECT_SECONDS)


def in_burst(now):
    turn = now % BURST_EVERY
    return turn < BURST_SECONDS or turn > BURST_EVERY - BURST_SECONDS


def number(head, name, otherwise):
    at = head.find(name)
    if at < 0:
        return otherwise
    end = head.find(b"\r", at + 2)
    return int(head[at + len(name):end if end > 0 else len(head)])


def main(plan_path, out_path):
    with open(plan_path, encoding="utf-8") as file:
        crowd = Crowd(json.load(file))
    asyncio.run(crowd.run())
    with open(out_path, "w", encoding="ascii") as file:
        file.writelines(crowd.lines)
    print(f"unsent={crowd.unsent}")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])

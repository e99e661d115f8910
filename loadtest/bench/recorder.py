"""
The upstream of the consistency checker, a process of its own: answers 200 and writes down when which request came.

    python3 recorder.py PORT FILE      one line for each request: its path and nanoseconds since 1970

A request with `X-Hold: MILLISECONDS` is answered so much later. Its line comes when it has ended and has a second time: just before the answer was
sent, or when the connection was gone.
"""

import asyncio
import sys
import time

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok"
HOLD = b"\r\nx-hold: "
FLUSH_SECONDS = 0.25


class Arrivals(asyncio.Protocol):
    """One connection of a node; requests have no bodies."""

    def __init__(self, lines):
        self.lines, self.rest, self.transport = lines, b"", None
        self.held = {}

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        now = time.time_ns()
        heads = (self.rest + data).split(b"\r\n\r\n")
        self.rest = heads.pop()
        for head in heads:
            path = head.split(b" ", 2)[1].decode("ascii")
            hold = millis(head.lower())
            if hold:
                self.held[path] = now, asyncio.get_running_loop().call_later(hold / 1000, self.answer, path)
            else:
                self.lines.append(f"{path} {now}\n")
                self.transport.write(ANSWER)

    def answer(self, path):
        begin, _ = self.held.pop(path)
        self.lines.append(f"{path} {begin} {time.time_ns()}\n")
        self.transport.write(ANSWER)

    def connection_lost(self, failure):
        end = time.time_ns()
        for path, (begin, timer) in self.held.items():
            timer.cancel()
            self.lines.append(f"{path} {begin} {end}\n")


def millis(head):
    _, found, rest = head.partition(HOLD)
    return int(rest.partition(b"\r")[0]) if found else 0


async def main(port, path):
    lines = []
    await asyncio.get_running_loop().create_server(lambda: Arrivals(lines), "127.0.0.1", port, backlog=1024)
    with open(path, "a", encoding="ascii") as file:
        while True:
            await asyncio.sleep(FLUSH_SECONDS)
            file.writelines(lines)
            lines.clear()
            file.flush()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2]))

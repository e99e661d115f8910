"""
The upstream of the consistency checker, a process of its own: answers 200 and writes down when which request came.

    python3 recorder.py PORT FILE      one line for each request: its path and nanoseconds since 1970
"""

import asyncio
import sys
import time

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok"
FLUSH_SECONDS = 0.25


class Arrivals(asyncio.Protocol):
    """One connection of a node; requests have no bodies."""

    def __init__(self, lines):
        self.lines, self.rest, self.transport = lines, b"", None

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        now = time.time_ns()
        heads = (self.rest + data).split(b"\r\n\r\n")
        self.rest = heads.pop()
        for head in heads:
            path = head.split(b" ", 2)[1].decode("ascii")
            self.lines.append(f"{path} {now}\n")
            self.transport.write(ANSWER)


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

"""TCP relays before the nodes' cluster ports: what goes from one node to another can be held back and let go on."""

import asyncio
import os
import threading

from .processes import Failure


class Relays:
    """
    One listener for each node, at the address the others know it by. Held back means: nothing is lost and nothing is refused, bytes
    wait, as in a network that drops packets and repeats them when it is whole again.
    """

    def __init__(self, nodes):
        self.nodes = nodes
        self.gates = {}
        self.loop = asyncio.new_event_loop()
        threading.Thread(target=self.loop.run_forever, name="relays", daemon=True).start()
        for node in nodes:
            listening = asyncio.start_server(lambda reader, writer, node=node: self._forward(reader, writer, node), "127.0.0.1", node.cluster)
            asyncio.run_coroutine_threadsafe(listening, self.loop).result(5)

    def cut(self, *ways):
        """Holds back what goes each way: pairs of nodes, from and to."""
        self.loop.call_soon_threadsafe(lambda: [self._gate(*way).clear() for way in ways])

    def heal(self):
        self.loop.call_soon_threadsafe(lambda: [gate.set() for gate in self.gates.values()])

    def _gate(self, source, target):
        key = (source.number, target.number)
        if key not in self.gates:
            self.gates[key] = asyncio.Event()
            self.gates[key].set()
        return self.gates[key]

    async def _forward(self, reader, writer, target):
        source = self._source(writer.get_extra_info("peername")[1])
        if source is None:
            writer.transport.abort()  # it died while it connected
            return
        there, back = self._gate(source, target), self._gate(target, source)
        await there.wait()
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", target.bound)
        except OSError:
            writer.transport.abort()
            return
        await asyncio.gather(pump(reader, far_writer, there), pump(far_reader, writer, back))

    def _source(self, port):
        """Which node a connection comes from, by its port: the system knows whose socket that is."""
        inode = inode_of(port)
        for node in self.nodes:
            if inode and node.is_running() and owns(node.process.pid, inode):
                return node
        return None


async def pump(reader, writer, gate):
    try:
        while True:
            piece = await reader.read(1 << 16)
            await gate.wait()
            if not piece:
                break
            writer.write(piece)
            await writer.drain()
    except OSError:
        pass
    writer.transport.abort()


def inode_of(port):
    for name in ("/proc/net/tcp", "/proc/net/tcp6"):
        with open(name, encoding="ascii") as file:
            for line in file:
                fields = line.split()
                if fields[1].endswith(f":{port:04X}"):
                    return fields[9]
    return None


def owns(pid, inode):
    folder = f"/proc/{pid}/fd"
    try:
        names = os.listdir(folder)
    except FileNotFoundError:
        return False
    except PermissionError as error:
        raise Failure(f"{folder}: not readable (expected: run by the same user as the nodes)") from error
    for name in names:
        try:
            if os.readlink(f"{folder}/{name}") == f"socket:[{inode}]":
                return True
        except OSError:
            pass  # closed meanwhile
    return False

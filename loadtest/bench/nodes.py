"""Nodes of a cluster as processes, for the consistency checker: started, killed, stopped for a while, asked who they think is there."""

import json
import os
import signal
import subprocess
import time

from . import clock as clocks
from .processes import Failure, await_answer, free_ports, get, start, stop, tail, temp_folder
from .proxies import HOME
from .relay import Relays


class Node:
    """One node. `cluster` is the port that others know, at a relay; `bound` the one it listens on."""

    def __init__(self, number, library, durable):
        self.number, self.durable = number, durable
        self.port, self.status, self.admin, self.cluster, self.bound, self.management = free_ports(6)
        self.folder = temp_folder()
        self.clock = clocks.Clock(library)
        self.process = None

    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def start(self, config, seeds, core):
        artery = "-Dsluice.cluster.system.pekko.remote.artery.bind"
        env = {
            "KONG_DATABASE": "off",
            "KONG_DECLARATIVE_CONFIG": config,
            "KONG_PROXY_LISTEN": f"127.0.0.1:{self.port} backlog=4096",
            "KONG_STATUS_LISTEN": f"127.0.0.1:{self.status}",
            "KONG_ADMIN_LISTEN": f"127.0.0.1:{self.admin}",
            "KONG_ADMIN_GUI_LISTEN": "off",
            "KONG_NGINX_WORKER_PROCESSES": "1",
            "KONG_PROXY_ACCESS_LOG": "off",
            "KONG_LOG_LEVEL": "notice",
            "KONG_PREFIX": self.folder,
            "SLUICE_CLUSTER_DISCOVERY": "seeds",
            "SLUICE_CLUSTER_SEEDS": seeds,
            "SLUICE_CLUSTER_HOST": "127.0.0.1",
            "SLUICE_CLUSTER_PORT": str(self.cluster),
            "SLUICE_MANAGEMENT_PORT": str(self.management),
            "SLUICE_JAVA_OPTS": f"-Xmx256m -XX:+UseSerialGC {artery}.hostname=127.0.0.1 {artery}.port={self.bound}",
            **self.clock.variables(),
        }
        if self.durable:
            env["SLUICE_DATA_DIR"] = os.path.join(self.folder, "data")
        self.process = start([os.path.join(HOME, "sluice"), "start"], os.path.join(self.folder, "node.log"), core, env, HOME)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def pause(self):
        os.kill(self.process.pid, signal.SIGSTOP)

    def resume(self):
        os.kill(self.process.pid, signal.SIGCONT)

    def stop(self):
        stop(self.process)

    def sees(self):
        """How many members it sees Up and reachable, or -1 if one is in another state or it does not answer."""
        try:
            status, _, body = get(self.management, "/cluster/members", timeout=2)
        except OSError:
            return -1
        seen = json.loads(body) if status == 200 else {}
        members = seen.get("members", [])
        if seen.get("unreachable") or any(member["status"] != "Up" for member in members):
            return -1
        return len(members)

    def complaints(self):
        """Lines of its log that say that something is broken."""
        with open(os.path.join(self.folder, "node.log"), encoding="utf-8", errors="replace") as file:
            return [line.rstrip() for line in file if " ERROR " in line or "Exception" in line]


class Cluster:
    """All nodes, their relays, and the configuration they serve."""

    def __init__(self, count, document, library, ready, core=None, durable=False):
        """
        library: of clock, or None for nodes with the machine's; ready: a path that is answered 200 once a node serves; core: of all nodes;
        durable: each has a disk.
        """
        self.ready, self.core = ready, core
        self.nodes = [Node(number, library, durable) for number in range(count)]
        self.relays = Relays(self.nodes)
        self.seeds = ",".join(f"127.0.0.1:{node.cluster}" for node in self.nodes)
        self.config = os.path.join(temp_folder(), "kong.yml")
        with open(self.config, "w", encoding="utf-8") as file:
            file.write(document)
        self._check()

    def _check(self):
        """Refuses a wrong document before three nodes do; the launcher also makes its archive of classes now, once."""
        command = [os.path.join(HOME, "sluice"), "config", "parse", self.config]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        if done.returncode:
            raise Failure(f"./sluice config parse gave {done.returncode}:\n{done.stdout}")

    def start(self, *nodes):
        for node in nodes or self.nodes:
            node.start(self.config, self.seeds, self.core)
        for node in nodes or self.nodes:
            await_answer(node.process, node.port, self.ready)

    def heal(self):
        """Undoes whatever a fault did, and starts what does not run."""
        self.relays.heal()
        for node in self.nodes:
            if node.is_running():
                node.resume()
            else:
                self.start(node)

    def await_whole(self, seconds):
        """Waits until every node sees all of them; how long that took, or None if it did not come to it."""
        begin = time.monotonic()
        while time.monotonic() - begin < seconds:
            if all(node.sees() == len(self.nodes) for node in self.nodes):
                return time.monotonic() - begin
            for node in self.nodes:
                if not node.is_running():
                    raise Failure(f"node {node.number + 1} ended with {node.process.returncode}:\n{tail(node.process.log)}")
            time.sleep(0.25)
        return None

    def stop(self):
        for node in self.nodes:
            if node.is_running():
                node.resume()
                node.process.terminate()
        for node in self.nodes:
            node.stop()

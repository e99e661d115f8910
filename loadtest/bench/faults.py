"""What happens to a cluster while the consistency checker's clients send. Every fault is over, as far as it can be, before its run ends."""

import time
from collections import namedtuple

# modes: limits that may be exceeded are driven as well; durable: by a cluster with disks, of which only limits that outlive it are asked.
Fault = namedtuple("Fault", "name what seconds happen needs_clock modes durable", defaults=(False, False, False))


class Stage:
    """The cluster during one run, and the time since its begin."""

    def __init__(self, cluster, begin):
        self.cluster, self.nodes, self.begin = cluster, cluster.nodes, begin
        self.during, self.notes = None, []
        # The numbers of those nodes that were apart from the others, and of the others; and when all died at once (ns).
        self.sides, self.all_died = [], None

    def wait_until(self, second):
        time.sleep(max(0, self.begin + second - time.time()))

    def lasts(self, begin, end):
        self.during = (self.begin + begin, self.begin + end)

    def ends(self):
        """The fault began when it said so and has ended now."""
        self.during = (self.during[0], time.time())

    def apart(self, node):
        self.sides = [{node.number}, {other.number for other in self.nodes if other is not node}]

    def around(self, node):
        """Every way between a node and the others."""
        return [way for other in self.nodes if other is not node for way in ((node, other), (other, node))]


def nothing(stage):
    pass


def kill(stage):
    stage.wait_until(8)
    stage.lasts(8, 24)
    stage.apart(stage.nodes[1])
    stage.nodes[1].kill()
    stage.wait_until(24)
    stage.cluster.start(stage.nodes[1])
    stage.ends()


def pause(seconds):
    def happen(stage):
        stage.lasts(8, 8 + seconds)
        stage.wait_until(8)
        stage.nodes[1].pause()
        stage.wait_until(8 + seconds)
        stage.nodes[1].resume()
    return happen


def part(seconds):
    def happen(stage):
        stage.lasts(8, 8 + seconds)
        stage.wait_until(8)
        stage.apart(stage.nodes[-1])
        stage.cluster.relays.cut(*stage.around(stage.nodes[-1]))
        stage.wait_until(8 + seconds)
        stage.cluster.relays.heal()
    return happen


def half_part(stage):
    stage.lasts(8, 20)
    stage.wait_until(8)
    last = stage.nodes[-1]
    stage.apart(last)
    stage.cluster.relays.cut(*[(other, last) for other in stage.nodes[:-1]])
    stage.wait_until(20)
    stage.cluster.relays.heal()


def skew(stage):
    """The clock was wrong before the node started, and stays so until its end."""
    node = stage.nodes[1]
    stage.lasts(4, 40)
    stage.wait_until(4)
    node.stop()
    node.clock.set(1500)
    stage.cluster.start(node)
    stage.wait_until(40)
    node.stop()
    node.clock.set(0)
    stage.cluster.start(node)
    stage.ends()


def step(stage):
    node = stage.nodes[1]
    stage.lasts(8, 34)
    for second, millis in ((8, 800), (16, 0), (24, -700), (34, 0)):
        stage.wait_until(second)
        node.clock.set(millis)


def rolling(stage):
    stage.lasts(6, 60)
    stage.wait_until(6)
    for node in stage.nodes:
        begin = time.time()
        node.stop()
        stage.cluster.start(node)
        stage.notes.append(f"node {node.number + 1} was away for {time.time() - begin:.1f} s")
        time.sleep(4)
    stage.ends()


def stop_all(stage):
    stage.lasts(10, 25)
    stage.wait_until(10)
    for node in stage.nodes:
        node.process.terminate()
    for node in stage.nodes:
        node.stop()
    stage.cluster.start()
    stage.ends()


def kill_all(stage):
    stage.lasts(10, 25)
    stage.wait_until(10)
    for node in stage.nodes:
        node.process.kill()
    stage.all_died = time.time_ns()
    for node in stage.nodes:
        node.process.wait()
    stage.cluster.start()
    stage.ends()


ALL = {fault.name: fault for fault in [
    Fault("none", "nothing", 30, nothing),
    Fault("kill", "kill -9 of one node, started again 16 s later", 45, kill, modes=True),
    Fault("pause-3", "one node stands still for 3 s (SIGSTOP)", 30, pause(3)),
    Fault("pause-9", "one node stands still for 9 s", 40, pause(9)),
    Fault("pause-15", "one node stands still for 15 s", 45, pause(15)),
    Fault("partition-5", "one node is cut off from the others for 5 s", 30, part(5)),
    Fault("partition-20", "one node is cut off for 20 s, so it is removed", 50, part(20), modes=True),
    Fault("one-way", "one node hears nothing from the others for 12 s, but they hear it", 40, half_part, modes=True),
    Fault("clock", "the clock of one node is 1.5 s fast from its start", 55, skew, needs_clock=True),
    Fault("clock-step", "the clock of one node jumps by 800 ms and back, by -700 ms and back", 45, step, needs_clock=True),
    Fault("rolling", "all nodes are stopped and started again, one after the other", 60, rolling),
    Fault("stop-all", "all nodes are stopped at once and started again, with disks", 45, stop_all, durable=True),
    Fault("kill-all", "kill -9 of all nodes at once, started again, with disks", 45, kill_all, durable=True),
]}
QUICK = ["none", "pause-3"]

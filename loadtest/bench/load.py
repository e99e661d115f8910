"""wrk as the closed-loop client, the fixed-rate client as the open one, and the figures of one run of each."""

import glob
import os
import re
import shutil
import statistics
import subprocess
import time

from .processes import Failure, cpu_seconds, elsewhere_seconds, start, stolen_seconds, stop, tail, temp_folder
from .proxies import HOME, KEY

CONNECTIONS = 64
# Share of a core that others may take before a run says more about them.
NOISE = 0.1

# One line that is easy to read back, instead of wrk's own with its units.
WRK_SCRIPT = """
done = function(summary, latency)
  local e = summary.errors
  io.write(string.format("RESULT requests=%d duration=%d bytes=%d failed=%d p99=%d\\n", summary.requests,
    summary.duration, summary.bytes, e.connect + e.read + e.write + e.status + e.timeout, latency:percentile(99)))
end
"""


class Surroundings:
    """What the machine did besides: shares of one core used by other processes and kept by the host."""

    def __init__(self, ours):
        self.ours = ours

    def __enter__(self):
        self.begin, self.before, self.kept = time.monotonic(), elsewhere_seconds(self.ours), stolen_seconds()
        return self

    def __exit__(self, *_):
        seconds = time.monotonic() - self.begin
        self.elsewhere = max(0.0, elsewhere_seconds(self.ours) - self.before) / seconds
        self.stolen = (stolen_seconds() - self.kept) / seconds

    def is_noisy(self):
        return self.elsewhere > NOISE or self.stolen > NOISE


class Run:
    """The figures of one run: requests per second, CPU microseconds per request, share of its core, surroundings."""

    def __init__(self, requests, seconds, cpu, around):
        self.rate = requests / seconds
        self.cpu_us = cpu / requests * 1e6
        self.busy = cpu / seconds
        self.around = around


class Wrk:
    """wrk on one core, 64 connections on one thread."""

    def __init__(self, core, upstream, upstream_port, headers=()):
        self.headers = headers
        self.binary = shutil.which("wrk")
        if not self.binary:
            raise Failure("no wrk found (expected: installed, e.g. apt-get install wrk)")
        self.core, self.upstream, self.upstream_port = core, upstream, upstream_port
        self.folder = temp_folder()
        self.script = os.path.join(self.folder, "result.lua")
        with open(self.script, "w", encoding="ascii") as file:
            file.write(WRK_SCRIPT)

    def run(self, proxy, path, seconds):
        pids = [proxy.process.pid, *proxy.beside]
        with Surroundings([*pids, self.upstream.pid]) as around:
            before, begin = sum(map(cpu_seconds, pids)), time.monotonic()
            result = self._wrk(proxy.url(path), seconds)
            wall, used = time.monotonic() - begin, sum(map(cpu_seconds, pids)) - before
        if result["failed"] or not result["requests"]:
            raise Failure(f"{proxy.name}: {result['failed']} of {result['requests']} requests failed\n{tail(proxy.process.log)}")
        return Run(result["requests"], wall, used, around)

    def _wrk(self, url, seconds):
        log = os.path.join(self.folder, "wrk.log")
        open(log, "wb").close()
        headers = [word for name, value in [*KEY.items(), *self.headers] for word in ("-H", f"{name}: {value}")]
        command = [self.binary, "-t1", f"-c{CONNECTIONS}", f"-d{max(1, round(seconds))}s", *headers, "-s", self.script, url]
        process = start(command, log, self.core)
        try:
            process.wait(seconds + 20)
        except subprocess.TimeoutExpired:
            raise Failure(f"wrk did not end {seconds + 20} s after its start") from None
        finally:
            stop(process)
        text = tail(log, 100)
        found = re.search(r"^RESULT (.*)$", text, re.MULTILINE)
        if not found:
            raise Failure(f"wrk gave no result:\n{text}")
        return {key: int(value) for key, value in _pairs(found.group(1))}


def fixed_rate(port, path, rate, seconds, warmup, core, upstream_port, ours=()):
    """One run of the open-loop client, which is the upstream as well, in a JVM of its own; (figures in us, surroundings)."""
    log = os.path.join(temp_folder(), "client.log")
    headers = [f"{name}: {value}" for name, value in KEY.items()]
    command = java("FixedRateClient", f"http://127.0.0.1:{port}{path}", f"{rate:.0f}", str(seconds), str(warmup),
                   str(CONNECTIONS), str(upstream_port), *headers)
    process = start(command, log, core)
    with Surroundings([*ours, process.pid]) as around:
        try:
            process.wait(seconds + warmup + 30)
        except subprocess.TimeoutExpired:
            raise Failure("the fixed-rate client did not end in time") from None
        finally:
            stop(process)
    text = tail(log)
    if process.returncode or not text.startswith("requests="):
        raise Failure(f"the fixed-rate client failed:\n{text}")
    figures = {key: float(value) for key, value in _pairs(text)}
    if figures["failed"] or figures["unanswered"]:
        raise Failure(f"at {rate:.0f}/s: {text} (expected: an answer to each)")
    return figures, around


def java(name, *arguments, heap="256m"):
    """The command of a class of the loadtest jar, with a small heap that is collected on its own core."""
    jars = glob.glob(os.path.join(HOME, "loadtest/target/loadtest-*.jar"))
    if not jars:
        raise Failure("no loadtest/target/loadtest-*.jar (expected: built)")
    binary = os.path.join(os.environ["JAVA_HOME"], "bin/java") if os.environ.get("JAVA_HOME") else "java"
    return [binary, f"-Xmx{heap}", "-XX:+UseSerialGC", "-XX:-UsePerfData", "-cp", jars[0], f"io.sluice.loadtest.{name}", *arguments]


def warm_up(wrk, proxy, path, at_least, at_most, slice_seconds=5):
    """Loads a proxy until three slices in a row cost the same within 4 % and at_least seconds are over."""
    costs, begin = [], time.monotonic()
    while True:
        costs.append(wrk.run(proxy, path, slice_seconds).cpu_us)
        spent = time.monotonic() - begin
        steady = len(costs) > 2 and max(costs[-3:]) <= min(costs[-3:]) * 1.04
        if spent >= at_most or (spent >= at_least and steady):
            print(f"  warm-up of {proxy.name}: {spent:.0f} s, {costs[0]:.1f} -> {costs[-1]:.1f} us/request", flush=True)
            return


def median(values):
    return statistics.median(values)


def _pairs(text):
    return (pair.split("=") for pair in text.split() if "=" in pair)

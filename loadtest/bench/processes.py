"""Starts processes on chosen cores, reads what they use, and ends them by their ids."""

import atexit
import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

TICK = 1.0 / os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")
STOP_SECONDS = 10

_started = []
_folders = []


class Failure(Exception):
    """Something a person has to look at; its text is all they get to see."""


def run_main(main, deadline_seconds):
    """Runs main; whatever ends it (an error, a signal, the deadline), all that was started ends with it."""
    atexit.register(stop_all)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda signum, frame: sys.exit(128 + signum))
    signal.signal(signal.SIGALRM, _too_late)
    signal.alarm(int(deadline_seconds))
    try:
        sys.exit(main())
    except Failure as failure:
        print(f"{os.path.basename(sys.argv[0])}: {failure}", file=sys.stderr)
        sys.exit(1)


def _too_late(signum, frame):
    raise Failure("stopped at the deadline (see --deadline)")


def temp_folder():
    folder = tempfile.mkdtemp(prefix="sluice-loadtest-")
    _folders.append(folder)
    return folder


def start(command, log, core=None, env=None, cwd=None, stdin=None, stdout=None):
    """Starts a command, pinned to one core if one is given; its output goes to the file named log."""
    wanted = None if core is None else {core}
    with open(log, "ab") as out:
        process = subprocess.Popen(
            command, stdin=stdin or subprocess.DEVNULL, stdout=stdout or out, stderr=out,
            env=dict(os.environ, **(env or {})), cwd=cwd, preexec_fn=lambda: _become_child(wanted))
    process.log = log
    _started.append(process)
    return process


def _become_child(cores):
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG: ends with us even if we are killed
    os.setpgid(0, 0)  # Ctrl-C is ours to pass on
    if cores:
        os.sched_setaffinity(0, cores)


def stop(process):
    """Asks politely, then insists; children of a launcher or a master process included."""
    if process.poll() is None:
        family = tree(process.pid)
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            for pid in family:
                _kill(pid)
            process.wait()
    if process in _started:
        _started.remove(process)


def _kill(pid):
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def stop_all():
    signal.alarm(0)
    for process in reversed(list(_started)):
        stop(process)
    while _folders:
        shutil.rmtree(_folders.pop(), ignore_errors=True)


def tree(pid):
    """A process and all that descend from it."""
    children = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                children.setdefault(int(_stat(name)[1]), []).append(int(name))
            except OSError:
                pass  # it just ended
    family = [pid]
    for member in family:
        family.extend(children.get(member, ()))
    return family


def _stat(pid):
    """The fields of /proc/<pid>/stat after the name, which may hold blanks itself: state, parent, ..."""
    with open(f"/proc/{pid}/stat", encoding="latin-1") as file:
        return file.read().rpartition(")")[2].split()


def cpu_seconds(pid):
    """User and system time of a process and its descendants, all threads, ended ones included."""
    total = 0
    for member in tree(pid):
        fields = _stat(member)
        total += int(fields[11]) + int(fields[12])
        if member == pid:
            total += int(fields[13]) + int(fields[14])  # children that ended and were waited for
    return total * TICK


def rss_bytes(pid):
    """Resident memory of a process and its descendants."""
    total = 0
    for member in tree(pid):
        with open(f"/proc/{member}/statm", encoding="ascii") as file:
            total += int(file.read().split()[1]) * PAGE
    return total


def elsewhere_seconds(ours):
    """CPU time so far of all processes that do not descend from ours; when one ends, its time moves to its parent's."""
    family = {member for pid in ours for member in tree(pid)}
    total = 0
    for name in os.listdir("/proc"):
        if name.isdigit() and int(name) not in family and int(name) != os.getpid():
            try:
                total += sum(int(field) for field in _stat(name)[11:15])
            except OSError:
                pass  # it just ended
    return total * TICK


def stolen_seconds():
    """What the host of this machine kept for others since its start, over all cores."""
    with open("/proc/stat", encoding="ascii") as file:
        return int(file.readline().split()[8]) * TICK


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def await_answer(process, port, path, headers=None, seconds=90):
    """Waits until the process answers with 200 on the port; fails at once if it ends first."""
    end = time.monotonic() + seconds
    last = "no connection"
    while time.monotonic() < end:
        if process.poll() is not None:
            raise Failure(f"{name_of(process)} ended with {process.returncode}:\n{tail(process.log)}")
        try:
            last = get(port, path, headers)[0]
            if last == 200:
                return
        except OSError as error:
            last = error
        time.sleep(0.1)
    raise Failure(f"{name_of(process)} gave {last} on port {port} for {seconds} s (expected: 200)\n{tail(process.log)}")


def get(port, path, headers=None, timeout=5):
    """(status, headers, body) of one GET on loopback."""
    import http.client
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request("GET", path, headers=headers or {})
        answer = connection.getresponse()
        return answer.status, dict((k.lower(), v) for k, v in answer.getheaders()), answer.read()
    except http.client.HTTPException as error:
        raise OSError(str(error)) from error
    finally:
        connection.close()


def name_of(process):
    return " ".join(process.args) if isinstance(process.args, list) else process.args


def tail(log, lines=20):
    try:
        with open(log, encoding="utf-8", errors="replace") as file:
            return "".join(file.readlines()[-lines:]).rstrip()
    except FileNotFoundError:
        return ""

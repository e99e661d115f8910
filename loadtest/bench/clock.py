"""
A node's own clock, that can be set while it runs: a library that is loaded before libc and adds what a mapped file says to the time of day.
Needs a C compiler; without one the faults that need it are left out.
"""

import os
import shutil
import struct
import subprocess

from .processes import Failure, temp_folder

SOURCE = r"""
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
#include <dlfcn.h>

static volatile long *offset;
static int (*system_clock)(clockid_t, struct timespec *);

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("CHECK_CLOCK");
    int file = path ? open(path, O_RDONLY) : -1;
    void *mapped = file < 0 ? MAP_FAILED : mmap(0, sizeof(long), PROT_READ, MAP_SHARED, file, 0);
    system_clock = dlsym(RTLD_NEXT, "clock_gettime");
    offset = mapped == MAP_FAILED ? 0 : mapped;
}

int clock_gettime(clockid_t id, struct timespec *time) {
    int result = system_clock ? system_clock(id, time) : (int) syscall(SYS_clock_gettime, id, time);
    if (result == 0 && offset && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE)) {
        long nanos = time->tv_nsec + *offset;
        long seconds = nanos / 1000000000, rest = nanos % 1000000000;
        time->tv_sec += rest < 0 ? seconds - 1 : seconds;
        time->tv_nsec = rest < 0 ? rest + 1000000000 : rest;
    }
    return result;
}

int gettimeofday(struct timeval *restrict time, void *restrict zone) {
    struct timespec now;
    int result = clock_gettime(CLOCK_REALTIME, &now);
    time->tv_sec = now.tv_sec;
    time->tv_usec = now.tv_nsec / 1000;
    return result;
}
"""


def library():
    """The path of the library, or None without a compiler."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if not compiler:
        return None
    folder = temp_folder()
    source, target = os.path.join(folder, "clock.c"), os.path.join(folder, "clock.so")
    with open(source, "w", encoding="ascii") as file:
        file.write(SOURCE)
    done = subprocess.run([compiler, "-O2", "-shared", "-fPIC", "-o", target, source, "-ldl"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, check=False)
    if done.returncode:
        raise Failure(f"{compiler} failed:\n{done.stdout}")
    return target


class Clock:
    """The offset of one node."""

    def __init__(self, library_path):
        self.path = os.path.join(temp_folder(), "offset")
        self.library = library_path
        self.set(0)

    def set(self, millis):
        with open(self.path, "r+b" if os.path.exists(self.path) else "wb") as file:
            file.write(struct.pack("q", millis * 1_000_000))

    def variables(self):
        return {"LD_PRELOAD": self.library, "CHECK_CLOCK": self.path} if self.library else {}

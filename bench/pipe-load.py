"""Runs a command again and again, a given number at the same time, each with the same file as its standard input.

pipe-load.py COUNT AT_ONCE INPUT COMMAND…   prints JSON: seconds of wall time, and of CPU time of the commands and all
their children. Failures are counted.
"""

import json
import os
import resource
import sys
import time


def main():
    count, at_once, path = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    argv = sys.argv[4:]
    nowhere = os.open("/dev/null", os.O_WRONLY)
    failed = running = started = 0
    begun = time.perf_counter()
    while started < count or running:
        while started < count and running < at_once:
            message = os.open(path, os.O_RDONLY)
            actions = [(os.POSIX_SPAWN_DUP2, message, 0), (os.POSIX_SPAWN_DUP2, nowhere, 1)]
            os.posix_spawn(argv[0], argv, os.environ, file_actions=actions)
            os.close(message)
            started += 1
            running += 1
        _, status = os.wait()
        running -= 1
        failed += status != 0
    wall = time.perf_counter() - begun
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(json.dumps({"wall": wall, "cpu": usage.ru_utime + usage.ru_stime, "failed": failed}))


main()

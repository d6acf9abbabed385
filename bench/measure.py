"""Runs commands and measures whole processes: wall time, CPU time of the process and its children, peak memory.

`measure.py` reads a JSON plan from standard input and runs its commands in turns, one round after the other, so that
whatever else the machine does hits all of them alike. `measure.py --one COMMAND…` runs one command with the standard
input it was given itself. Both print JSON.
"""

import json
import os
import sys
import time


def run(argv, stdin, stdout):
    actions = [(os.POSIX_SPAWN_DUP2, stdin, 0), (os.POSIX_SPAWN_DUP2, stdout, 1)]
    started = time.perf_counter()
    pid = os.posix_spawn(argv[0], argv, os.environ, file_actions=actions)
    _, status, usage = os.wait4(pid, 0)
    wall = time.perf_counter() - started
    return {
        "wall": wall * 1000,
        "cpu": (usage.ru_utime + usage.ru_stime) * 1000,
        "rss": usage.ru_maxrss / 1024,
        "status": os.waitstatus_to_exitcode(status),
    }


def empty(directory):
    for name in os.listdir(directory):
        os.unlink(os.path.join(directory, name))


def main():
    nowhere = os.open("/dev/null", os.O_WRONLY)
    if sys.argv[1:2] == ["--one"]:
        saved = os.dup(1)
        os.write(saved, (json.dumps(run(sys.argv[2:], 0, nowhere)) + "\n").encode())
        return
    plan = json.load(sys.stdin)
    results = [[] for _ in plan["commands"]]
    for turn in range(plan["rounds"] + plan["warmup"]):
        for index, argv in enumerate(plan["commands"]):
            message = os.open(plan["input"], os.O_RDONLY)
            measured = run(argv, message, nowhere)
            os.close(message)
            empty(plan["clean"])
            if turn >= plan["warmup"]:
                results[index].append(measured)
    print(json.dumps(results))


main()

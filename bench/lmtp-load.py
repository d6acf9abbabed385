"""Delivers a message again and again to an LMTP service, over a given number of connections, as Postfix does it: the
commands of a message together, its data when all of them are answered.

lmtp-load.py COUNT AT_ONCE INPUT PORT   prints JSON: seconds of wall time, and how many were not accepted. INPUT is the
message as it goes over the wire, without the final dot.
"""

import json
import socket
import sys
import threading
import time


def replies(connection, count):
    received = b""
    while received.count(b"\n") < count:
        piece = connection.recv(65536)
        if not piece:
            raise SystemExit("the service closed the connection")
        received += piece
    return received.splitlines()


def connected(port):
    connection = socket.create_connection(("127.0.0.1", port))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    replies(connection, 1)
    connection.sendall(b"LHLO bench\r\n")
    while not replies(connection, 1)[-1].startswith(b"250 "):
        pass
    return connection


def main():
    count, at_once, path, port = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], int(sys.argv[4])
    commands = b"MAIL FROM:<poster@example.com>\r\nRCPT TO:<demo@example.org>\r\nDATA\r\n"
    with open(path, "rb") as file:
        message = file.read() + b".\r\n"
    turns = iter(range(count))
    failed = []

    def work(connection):
        for _ in turns:
            connection.sendall(commands)
            accepted = replies(connection, 3)
            connection.sendall(message)
            result = replies(connection, 1)[0]
            if not (accepted[2].startswith(b"354") and result.startswith(b"250 2.1.5 footer added")):
                failed.append(result)

    connections = [connected(port) for _ in range(at_once)]
    workers = [threading.Thread(target=work, args=(connection,)) for connection in connections]
    begun = time.perf_counter()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    print(json.dumps({"wall": time.perf_counter() - begun, "failed": len(failed)}))


main()

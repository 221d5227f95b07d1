"""Publishes retained messages over MQTT 5.0 until the broker refuses even the smallest; prints each topic that was acknowledged.

fill_store.py PORT PREFIX: sizes go down from a megabyte, so that the last bytes are filled too.
"""

import socket
import struct
import sys

port, prefix = int(sys.argv[1]), sys.argv[2]


def text(value):
    data = value.encode()
    return struct.pack(">H", len(data)) + data


def packet(kind, body):
    length, encoded = len(body), b""
    while True:
        length, digit = divmod(length, 128)
        encoded += bytes([digit | (128 if length else 0)])
        if not length:
            return bytes([kind]) + encoded + body


connection = socket.create_connection(("127.0.0.1", port), timeout=30)
stream = connection.makefile("rb")


def read():
    kind, length = stream.read(1)[0] >> 4, stream.read(1)[0]
    assert length < 128
    return kind, stream.read(length)


connection.sendall(packet(0x10, text("MQTT") + bytes([5, 2]) + struct.pack(">H", 60) + b"\x00" + text("filler")))
kind, body = read()
assert kind == 2 and body[1] == 0, body
number = 0
for size in [1_000_000, 100_000, 10_000, 1_000, 100, 10, 1]:
    while True:
        topic = f"{prefix}/{number:05}"
        connection.sendall(packet(0x33, text(topic) + struct.pack(">H", 7) + b"\x00" + b"f" * size))
        kind, body = read()
        assert kind == 4, kind
        reason = body[2] if len(body) > 2 else 0
        if reason >= 0x80:
            assert reason == 0x97, hex(reason)
            break
        print(topic, flush=True)
        number += 1

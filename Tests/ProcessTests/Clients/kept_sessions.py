"""A publisher and a subscriber whose sessions are kept, by both sides, while the broker is killed again and again.

Both keep the state that MQTT asks of a client (3.1.1, 4.1) and come back whenever their connection is lost. Every message
of QoS 2 must arrive exactly once, every one of QoS 1 at least once, and each topic's messages in order. Prints a line when
a part is done and "all checks passed" last; any failure ends with exit code 1.
"""

import argparse
import collections
import socket
import struct
import sys
import threading
import time

parser = argparse.ArgumentParser()
parser.add_argument("--port", type=int, required=True)
parser.add_argument("--messages", type=int, required=True)
parser.add_argument("--qos", type=int, required=True)
parser.add_argument("--window", type=int, default=10)
parser.add_argument("--retain", action="store_true")
parser.add_argument("--pause", type=float, default=0.0)
arguments = parser.parse_args()
TOPICS = 3
deadline = time.monotonic() + 240


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


class Lost(Exception):
    pass


class Connection:
    """A connection with a kept session; waits for the broker to be there."""

    def __init__(self, name):
        while True:
            if time.monotonic() > deadline:
                fail("no connection in time")
            try:
                self.socket = socket.create_connection(("127.0.0.1", arguments.port), timeout=30)
                self.stream = self.socket.makefile("rb")
                self.send(packet(0x10, text("MQTT") + b"\x04\x00" + struct.pack(">H", 60) + text(name)))
                kind, _, body = self.read()
                assert kind == 2 and body[1] == 0, body
                self.is_present = body[0] == 1
                return
            except (OSError, Lost):
                time.sleep(0.02)

    def send(self, data):
        try:
            self.socket.sendall(data)
        except OSError:
            raise Lost from None

    def read(self):
        """The next packet's type, flags and body."""
        try:
            head = self.stream.read(1)
            if not head:
                raise Lost
            length = shift = 0
            while True:
                digit = self.stream.read(1)
                if not digit:
                    raise Lost
                length |= (digit[0] & 127) << shift
                shift += 7
                if digit[0] < 128:
                    break
            body = self.stream.read(length)
        except OSError:
            raise Lost from None
        if len(body) < length:
            raise Lost
        return head[0] >> 4, head[0] & 15, body


def fail(reason):
    print(f"FAILED {reason}", flush=True)
    import os

    os._exit(1)


def identifier(body):
    return struct.unpack(">H", body[:2])[0]


def publish():
    # Packet identifier to what is still to be sent again: the message's number, or "released".
    under_way = collections.OrderedDict()
    next_number, next_identifier = 1, 1
    has_session = False
    while True:
        try:
            connection = Connection("publisher")
            if has_session and not connection.is_present:
                fail("the publisher's session is gone")
            has_session = True
            for key, value in under_way.items():
                connection.send(packet(0x62, struct.pack(">H", key)) if value == "released" else message(key, value, 8))
            while next_number <= arguments.messages or under_way:
                while next_number <= arguments.messages and len(under_way) < arguments.window:
                    under_way[next_identifier] = next_number
                    next_number += 1
                    next_identifier = next_identifier % 65_535 + 1
                    key = next(reversed(under_way))
                    connection.send(message(key, under_way[key], 0))
                    if arguments.pause:
                        time.sleep(arguments.pause)
                kind, _, body = connection.read()
                key = identifier(body)
                if kind == 4:
                    under_way.pop(key, None)
                elif kind == 5:
                    if key in under_way:
                        under_way[key] = "released"
                    connection.send(packet(0x62, struct.pack(">H", key)))
                elif kind == 7:
                    under_way.pop(key, None)
            connection.send(packet(0xE0, b""))
            print(f"published {arguments.messages}", flush=True)
            return
        except Lost:
            continue


def message(key, number, flags):
    kind = 0x30 | arguments.qos << 1 | flags | (1 if arguments.retain else 0)
    return packet(kind, text(f"kept/{number % TOPICS}") + struct.pack(">H", key) + f"{number}".encode())


received = collections.Counter()
latest = collections.Counter()


def take(topic, number, is_duplicate):
    received[number] += 1
    if arguments.qos == 2:
        if received[number] > 1:
            fail(f"message {number} came twice")
        if number < latest[topic]:
            fail(f"message {number} came after {latest[topic]}")
    latest[topic] = max(latest[topic], number)


def subscribe():
    unreleased = set()
    has_session = False
    while len(received) < arguments.messages:
        if time.monotonic() > deadline:
            fail(f"{len(received)} of {arguments.messages} messages came in time")
        try:
            connection = Connection("subscriber")
            if has_session and not connection.is_present:
                fail("the subscriber's session is gone")
            if not has_session:
                connection.send(packet(0x82, b"\x00\x01" + text("kept/#") + bytes([arguments.qos])))
            while len(received) < arguments.messages or unreleased:
                kind, flags, body = connection.read()
                if kind == 9:
                    has_session = True
                    ready.set()
                elif kind == 3:
                    size = identifier(body)
                    topic, key, payload = body[2 : 2 + size].decode(), identifier(body[2 + size :]), body[4 + size :]
                    if arguments.qos == 1:
                        take(topic, int(payload), flags & 8)
                        connection.send(packet(0x40, struct.pack(">H", key)))
                        continue
                    if key not in unreleased:
                        unreleased.add(key)
                        take(topic, int(payload), flags & 8)
                    connection.send(packet(0x50, struct.pack(">H", key)))
                elif kind == 6:
                    unreleased.discard(identifier(body))
                    connection.send(packet(0x70, body[:2]))
            print(f"received {len(received)}, {sum(received.values()) - len(received)} of them again", flush=True)
        except Lost:
            continue


ready = threading.Event()
threads = [threading.Thread(target=subscribe, daemon=True), threading.Thread(target=publish, daemon=True)]
threads[0].start()
if not ready.wait(30):
    fail("no SUBACK")
print("subscribed", flush=True)
threads[1].start()
for thread in threads:
    thread.join(max(0, deadline - time.monotonic()))
    if thread.is_alive():
        fail(f"not done in time: {len(received)} of {arguments.messages} came")
if set(received) != set(range(1, arguments.messages + 1)):
    fail("some messages are missing")
print("all checks passed", flush=True)
sys.exit(0)

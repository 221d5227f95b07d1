"""Sends one retained PUBLISH and prints what the broker answers, byte for byte: the packet and its reason code.

raw_publish.py PORT VERSION QOS TOPIC PAYLOAD [dup]: VERSION is 4 (3.1.1) or 5; at QoS 2 of 3.1.1 the session
is kept, under the name of the topic, so that a second run with "dup" repeats what the first one was not acknowledged for.
"""

import socket
import struct
import sys

port, version, qos, topic, payload = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4], sys.argv[5]
is_repeated = len(sys.argv) > 6
NAMES = {4: "puback", 5: "pubrec", 7: "pubcomp", 14: "disconnect"}


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


def read(stream):
    """The next packet's type and body; None at the end."""
    head = stream.read(1)
    if not head:
        return None
    length = shift = 0
    while True:
        digit = stream.read(1)[0]
        length |= (digit & 127) << shift
        shift += 7
        if digit < 128:
            return head[0] >> 4, stream.read(length)


connection = socket.create_connection(("127.0.0.1", port), timeout=30)
stream = connection.makefile("rb")
is_kept = version == 4 and qos == 2
properties = b"\x00" if version == 5 else b""
flags = bytes([version, 0 if is_kept else 2])
connection.sendall(packet(0x10, text("MQTT") + flags + struct.pack(">H", 60) + properties + text(topic)))
kind, body = read(stream)
assert kind == 2 and body[1] == 0, body
flags = 0x31 | qos << 1 | (8 if is_repeated else 0)
body = text(topic) + struct.pack(">H", 7) + (b"\x00" if version == 5 else b"") + payload.encode()
connection.sendall(packet(flags, body))
try:
    answer = read(stream)
except ConnectionResetError:
    answer = None
while answer:
    kind, body = answer
    reason = body[0] if kind == 14 and body else body[2] if len(body) > 2 else 0
    print(f"{NAMES.get(kind, kind)} {reason:02x}", flush=True)
    if kind != 5 or reason >= 0x80:
        break
    connection.sendall(packet(0x62, struct.pack(">H", 7)))
    answer = read(stream)
else:
    print("closed")

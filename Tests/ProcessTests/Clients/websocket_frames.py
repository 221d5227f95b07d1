"""WebSocket, frame by frame: handshakes, packets that span and share frames, control frames, and faults (RFC 6455).

Prints one line for every check and "all checks passed" last; any failure ends with exit code 1.
"""

import argparse
import base64
import hashlib
import os
import socket
import struct
import sys

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
CONNECT = bytes([0x10, 17, 0, 4]) + b"MQTT" + bytes([4, 2, 0, 60, 0, 5]) + b"frame"
CONNACK = bytes([0x20, 2, 0, 0])
PINGREQ, PINGRESP = bytes([0xC0, 0]), bytes([0xD0, 0])


class Connection:
    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=20)
        self.input = b""

    def handshake(self, path="/mqtt", protocol="mqtt", version="13"):
        """Asks for the upgrade; returns the status line and the headers."""
        self.key = base64.b64encode(os.urandom(16)).decode()
        lines = [f"GET {path} HTTP/1.1", "Host: localhost", "Upgrade: websocket", "Connection: keep-alive, Upgrade"]
        lines += [f"Sec-WebSocket-Key: {self.key}", f"Sec-WebSocket-Version: {version}"]
        if protocol:
            lines.append(f"Sec-WebSocket-Protocol: {protocol}")
        self.socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        return self.response()

    def response(self):
        while b"\r\n\r\n" not in self.input:
            received = self.socket.recv(4096)
            if not received:
                break
            self.input += received
        head, _, self.input = self.input.partition(b"\r\n\r\n")
        status, *lines = head.decode().split("\r\n")
        return status, {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}

    def frame(self, opcode, payload=b"", final=True, masked=True, reserved=0):
        first = (0x80 if final else 0) | reserved | opcode
        bit = 0x80 if masked else 0
        if len(payload) < 126:
            head = bytes([first, bit | len(payload)])
        elif len(payload) < 65536:
            head = bytes([first, bit | 126]) + struct.pack(">H", len(payload))
        else:
            head = bytes([first, bit | 127]) + struct.pack(">Q", len(payload))
        if masked:
            mask = os.urandom(4)
            repeated = mask * (len(payload) // 4 + 1)
            payload = mask + bytes(a ^ b for a, b in zip(payload, repeated))
        return head + payload

    def send(self, *frames):
        self.socket.sendall(b"".join(frames))

    def take(self, count):
        while len(self.input) < count:
            received = self.socket.recv(65536)
            if not received:
                raise EOFError
            self.input += received
        taken, self.input = self.input[:count], self.input[count:]
        return taken

    def receive(self):
        """The next frame: opcode and payload. A broker's frames are not masked."""
        first, second = self.take(2)
        length = second & 0x7F
        if length == 126:
            (length,) = struct.unpack(">H", self.take(2))
        elif length == 127:
            (length,) = struct.unpack(">Q", self.take(8))
        assert second & 0x80 == 0, "a broker's frame is masked"
        return first & 0x0F, self.take(length)

    def receive_bytes(self, count):
        """So many bytes of MQTT, however they are framed; pings are answered."""
        found = b""
        while len(found) < count:
            opcode, payload = self.receive()
            if opcode == PING:
                self.send(self.frame(PONG, payload))
                continue
            assert opcode in (BINARY, CONTINUATION), f"opcode {opcode}: {payload!r}"
            found += payload
        return found

    def close_code(self):
        """The code of the close frame that comes next; None if the broker only closes."""
        try:
            while True:
                opcode, payload = self.receive()
                if opcode == CLOSE:
                    return struct.unpack(">H", payload[:2])[0] if len(payload) >= 2 else 1005
        except (EOFError, ConnectionResetError):
            return None


def check(name, actual, expected):
    if actual != expected:
        print(f"FAILED {name}: {actual!r}, expected {expected!r}")
        sys.exit(1)
    print(f"ok {name}")


def connected(port):
    connection = Connection(port)
    status, _ = connection.handshake()
    assert " 101 " in status, status
    connection.send(connection.frame(BINARY, CONNECT))
    assert connection.receive_bytes(4) == CONNACK
    return connection


def handshakes(port):
    for path in ("/", "/mqtt", "/any/where?a=b"):
        connection = Connection(port)
        status, headers = connection.handshake(path=path)
        check(f"upgrade at {path}", status.split(" ")[1], "101")
        digest = hashlib.sha1((connection.key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest()
        check("accept", headers.get("sec-websocket-accept"), base64.b64encode(digest).decode())
        check("subprotocol", headers.get("sec-websocket-protocol"), "mqtt")
    for offered, chosen in (("mqttv3.1", "mqttv3.1"), ("chat, mqtt", "mqtt"), ("mqtt,chat", "mqtt"), (None, None)):
        connection = Connection(port)
        status, headers = connection.handshake(protocol=offered)
        check(f"upgrade with {offered}", status.split(" ")[1], "101")
        check(f"subprotocol of {offered}", headers.get("sec-websocket-protocol"), chosen)
        connection.send(connection.frame(BINARY, CONNECT))
        check("CONNACK", connection.receive_bytes(4), CONNACK)
    connection = Connection(port)
    status, _ = connection.handshake(version="12")
    check("another version is refused", status.split(" ")[1][0], "4")
    connection = Connection(port)
    connection.socket.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    status, _ = connection.response()
    check("a plain GET is answered", status.startswith("HTTP/1.1 "), True)


def packets(port):
    connection = Connection(port)
    connection.handshake()
    for place in range(len(CONNECT)):
        connection.send(connection.frame(BINARY, CONNECT[place : place + 1]))
    check("a packet over many frames", connection.receive_bytes(4), CONNACK)

    connection = Connection(port)
    connection.handshake()
    connection.send(connection.frame(BINARY, CONNECT + PINGREQ + PINGREQ))
    check("packets in one frame", connection.receive_bytes(8), CONNACK + PINGRESP + PINGRESP)

    connection = connected(port)
    connection.send(connection.frame(BINARY, PINGREQ[:1], final=False), connection.frame(PING, b"between"))
    check("a ping between fragments", connection.receive(), (PONG, b"between"))
    connection.send(connection.frame(CONTINUATION, PINGREQ[1:] + PINGREQ))
    check("a fragmented message", connection.receive_bytes(4), PINGRESP + PINGRESP)
    connection.send(connection.frame(BINARY, b""), connection.frame(PONG, b"unasked"), connection.frame(BINARY, PINGREQ))
    check("an empty frame and a pong are nothing", connection.receive_bytes(2), PINGRESP)

    # SUBSCRIBE to "s" at QoS 0, then PUBLISH to it with payloads around the lengths where frames change their form.
    connection.send(connection.frame(BINARY, bytes([0x82, 6, 0, 1, 0, 1]) + b"s" + bytes([0])))
    check("SUBACK", connection.receive_bytes(5), bytes([0x90, 3, 0, 1, 0]))
    for length in (0, 100, 118, 119, 120, 65_524, 65_525, 65_540, 300_000):
        body = bytes([0, 1]) + b"s" + bytes(place * 7 % 256 for place in range(length))
        size, packet = len(body), bytes([0x30])
        while True:
            size, group = size >> 7, size & 0x7F
            packet += bytes([group | (0x80 if size else 0)])
            if not size:
                break
        packet += body
        connection.send(connection.frame(BINARY, packet))
        check(f"a message of {length} bytes comes back", connection.receive_bytes(len(packet)) == packet, True)


def faults(port):
    connection = connected(port)
    connection.send(connection.frame(CLOSE, struct.pack(">H", 1000)))
    check("close is echoed", connection.close_code(), 1000)
    for name, code, frame in (
        ("a frame without mask", 1002, lambda c: c.frame(BINARY, PINGREQ, masked=False)),
        ("a text frame", 1003, lambda c: c.frame(TEXT, b"hello")),
        ("a reserved bit", 1002, lambda c: c.frame(BINARY, PINGREQ, reserved=0x40)),
        ("a reserved opcode", 1002, lambda c: c.frame(3, b"")),
        ("a long control frame", 1002, lambda c: c.frame(PING, bytes(126))),
        ("a fragmented control frame", 1002, lambda c: c.frame(PING, b"", final=False)),
        ("a continuation of nothing", 1002, lambda c: c.frame(CONTINUATION, PINGREQ)),
    ):
        connection = connected(port)
        connection.send(frame(connection))
        check(name, connection.close_code(), code)
    check("others are served", connected(port).socket.fileno() >= 0, True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    arguments = parser.parse_args()
    handshakes(arguments.port)
    packets(arguments.port)
    faults(arguments.port)
    print("all checks passed")

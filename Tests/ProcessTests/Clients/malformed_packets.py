"""Malformed input, from a seed: after all of it the broker still serves whoever keeps to the protocol (B2).

Every connection sends a sound CONNECT, or none, and then sound packets with bytes changed, cut, doubled or invented. The
broker may answer or close as it likes. Prints "all checks passed" last; any failure ends with exit code 1.
"""

import argparse
import random
import socket
import sys


def remaining_length(count):
    encoded = b""
    while True:
        count, group = count >> 7, count & 0x7F
        encoded += bytes([group | (0x80 if count else 0)])
        if not count:
            return encoded


def string(text):
    return len(text).to_bytes(2, "big") + text


def packet(first, body):
    return bytes([first]) + remaining_length(len(body)) + body


def connect(version, identifier):
    properties = b"\x00" if version == 5 else b""
    return packet(0x10, string(b"MQTT") + bytes([version, 2, 0, 60]) + properties + string(identifier))


def sound_packets(version):
    """One of every kind that a client may send."""
    none = b"\x00" if version == 5 else b""
    some = bytes([18, 0x26]) + string(b"name") + string(b"value") + bytes([2, 0, 0, 0, 9]) if version == 5 else b""
    return [
        packet(0x30, string(b"fuzz/a") + (some or none) + b"payload"),
        packet(0x33, string(b"fuzz/b") + b"\x00\x07" + none + b"payload"),
        packet(0x35, string(b"fuzz/c") + b"\x00\x08" + none),
        packet(0x62, b"\x00\x08"),
        packet(0x40, b"\x00\x01"),
        packet(0x50, b"\x00\x01"),
        packet(0x70, b"\x00\x01"),
        packet(0x82, b"\x00\x02" + none + string(b"fuzz/#") + b"\x01" + string(b"+/+/x") + b"\x02"),
        packet(0xA2, b"\x00\x03" + none + string(b"fuzz/#")),
        packet(0xC0, b""),
        packet(0xE0, b""),
        packet(0xF0, b"\x00\x00") if version == 5 else packet(0xC0, b""),
    ]


def damage(data, generator):
    data = bytearray(data)
    for _ in range(generator.choice((1, 1, 2, 5))):
        kind = generator.randrange(6)
        place = generator.randrange(len(data)) if data else 0
        if kind == 0 and data:
            data[place] ^= 1 << generator.randrange(8)
        elif kind == 1 and data:
            data[place] = generator.choice((0, 1, 0x7F, 0x80, 0xFF))
        elif kind == 2:
            del data[place:]
        elif kind == 3:
            data[place:place] = generator.randbytes(generator.randrange(1, 9))
        elif kind == 4 and data:
            end = generator.randrange(place, len(data)) + 1
            data[end:end] = data[place:end]
        elif kind == 5 and len(data) > 1:
            data[1] = generator.randrange(256)
    return bytes(data)


def input_of(generator):
    version = generator.choice((3, 4, 5))
    if generator.random() < 0.1:
        return generator.randbytes(generator.randrange(1, 200))
    name = b"MQIsdp" if version == 3 else b"MQTT"
    first = connect(version, b"fuzz-%d" % generator.randrange(5)).replace(b"\x00\x04MQTT", string(name))
    if version == 3:
        first = packet(0x10, string(name) + bytes([3, 2, 0, 60]) + string(b"fuzz-3"))
    if generator.random() < 0.3:
        return damage(first, generator)
    packets = sound_packets(version)
    data = first
    for _ in range(generator.randrange(1, 6)):
        chosen = generator.choice(packets)
        data += damage(chosen, generator) if generator.random() < 0.6 else chosen
    return data


def is_alive(port):
    """A newcomer connects, publishes at QoS 1 and is answered."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as newcomer:
        newcomer.sendall(connect(4, b"newcomer") + packet(0x32, string(b"alive") + b"\x00\x01") + packet(0xC0, b""))
        answer = b""
        while len(answer) < 10:
            received = newcomer.recv(64)
            if not received:
                return False
            answer += received
        return answer[:4] == b"\x20\x02\x00\x00"


def main(arguments):
    generator = random.Random(arguments.seed)
    for round_number in range(arguments.rounds):
        data = input_of(generator)
        try:
            with socket.create_connection(("127.0.0.1", arguments.port), timeout=20) as connection:
                # In two pieces, so that packets are cut at every place; the broker may close between them.
                cut = generator.randrange(len(data) + 1)
                connection.sendall(data[:cut])
                connection.sendall(data[cut:])
                connection.shutdown(socket.SHUT_WR)
                while connection.recv(65536):
                    pass
        except (ConnectionRefusedError, TimeoutError) as error:
            print(f"FAILED round {round_number}, seed {arguments.seed}: {error!r} after {data.hex()}")
            sys.exit(1)
        except OSError:
            # Reset, broken pipe, or no longer connected: the broker was first.
            pass
        if round_number % 100 == 99 and not is_alive(arguments.port):
            print(f"FAILED after round {round_number}, seed {arguments.seed}: no answer")
            sys.exit(1)
    if not is_alive(arguments.port):
        print(f"FAILED at the end, seed {arguments.seed}: no answer")
        sys.exit(1)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--rounds", type=int, default=3_000)
    main(parser.parse_args())
    print("all checks passed")

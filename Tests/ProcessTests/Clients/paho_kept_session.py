"""A session of paho-mqtt that is kept: one run of the program makes it, the next finds it again.

Prints one line for every check and "all checks passed" last; any failure ends with exit code 1.
"""

import argparse
import queue
import sys

import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

SECONDS = 20


def check(name, actual, expected):
    if actual != expected:
        print(f"FAILED {name}: {actual!r}, expected {expected!r}")
        sys.exit(1)
    print(f"ok {name}")


parser = argparse.ArgumentParser()
parser.add_argument("--port", type=int, required=True)
parser.add_argument("--version", choices=["3.1.1", "5.0"], required=True)
parser.add_argument("--make", action="store_true")
parser.add_argument("--expect", nargs="*", default=[])
arguments = parser.parse_args()

is_version_5 = arguments.version == "5.0"
connected, granted, messages = queue.Queue(), queue.Queue(), queue.Queue()
if is_version_5:
    client = mqtt.Client("paho-kept", protocol=mqtt.MQTTv5)
    properties = Properties(PacketTypes.CONNECT)
    properties.SessionExpiryInterval = 1_000
    options = {"clean_start": False, "properties": properties}
else:
    client = mqtt.Client("paho-kept", protocol=mqtt.MQTTv311, clean_session=False)
    options = {}
client.on_connect = lambda c, u, flags, code, properties=None: connected.put((flags, code))
client.on_subscribe = lambda c, u, mid, codes, properties=None: granted.put(codes)
client.on_message = lambda c, u, message: messages.put(message)
client.connect("127.0.0.1", arguments.port, **options)
client.loop_start()
flags, code = connected.get(timeout=SECONDS)
check("CONNACK", int(getattr(code, "value", code)), 0)
check("session present", flags["session present"], 0 if arguments.make else 1)
if arguments.make:
    client.subscribe([("kept/#", 2), ("kept/low/+", 1)])
    check("grants", [int(getattr(code, "value", code)) for code in granted.get(timeout=SECONDS)], [2, 1])
for payload in arguments.expect:
    message = messages.get(timeout=SECONDS)
    check(f"message {payload}", message.payload.decode(), payload)
    check("not a retained one", (message.retain, message.topic[:5]), (False, "kept/"))
# What the broker has acknowledged last is behind whatever it still had to send.
client.publish("kept/end", b"end", qos=2).wait_for_publish()
check("nothing more", messages.get(timeout=SECONDS).payload, b"end")
client.disconnect()
client.loop_stop()
print("all checks passed")

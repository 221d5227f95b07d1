"""Takes a whole retained set through a small receive maximum while another client publishes.

Checks that every retained topic arrives once and that the other client's publications are acknowledged meanwhile.
Prints "all checks passed" last; any failure ends with exit code 1.
"""

import argparse
import sys
import threading

import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

SECONDS = 240


def main(arguments):
    topics, duplicates, live = set(), [], [0]
    complete, connected = threading.Event(), threading.Event()

    def on_message(client, userdata, message):
        if not message.retain:
            live[0] += 1
            return
        if message.topic in topics:
            duplicates.append(message.topic)
        topics.add(message.topic)
        if len(topics) == arguments.topics:
            complete.set()

    reader = mqtt.Client("paho-set-reader", protocol=mqtt.MQTTv5)
    reader.on_message = on_message
    reader.on_connect = lambda *rest: connected.set()
    properties = Properties(PacketTypes.CONNECT)
    properties.ReceiveMaximum = arguments.receive_maximum
    reader.connect("127.0.0.1", arguments.port, properties=properties)
    reader.loop_start()
    assert connected.wait(20), "no CONNACK"

    writer = mqtt.Client("paho-set-writer", protocol=mqtt.MQTTv311)
    writer.connect("127.0.0.1", arguments.port)
    writer.loop_start()

    reader.subscribe(arguments.filter, qos=1)
    acknowledged = 0
    while not complete.is_set() and acknowledged < 100_000:
        writer.publish("elsewhere", str(acknowledged), qos=1).wait_for_publish(timeout=20)
        acknowledged += 1
        complete.wait(0.01)
    if not complete.wait(SECONDS):
        print(f"FAILED: {len(topics)} of {arguments.topics} retained topics came")
        sys.exit(1)
    if duplicates:
        print(f"FAILED: {len(duplicates)} topics came twice, {duplicates[0]} first")
        sys.exit(1)
    if acknowledged == 0:
        print("FAILED: nothing was published meanwhile")
        sys.exit(1)
    print(f"{len(topics)} topics, {acknowledged} publications acknowledged meanwhile")
    reader.disconnect()
    writer.disconnect()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--filter", required=True)
    parser.add_argument("--topics", type=int, required=True)
    parser.add_argument("--receive-maximum", type=int, required=True)
    main(parser.parse_args())
    print("all checks passed")

"""A publisher that keeps its session, and publishes two messages of QoS 2 whatever becomes of the broker meanwhile.

Prints "all published" last.
"""

import argparse

import paho.mqtt.client as mqtt

parser = argparse.ArgumentParser()
parser.add_argument("--port", type=int, required=True)
parser.add_argument("--payload-bytes", type=int, required=True)
arguments = parser.parse_args()

client = mqtt.Client("publisher", clean_session=False)
client.reconnect_delay_set(1, 1)
client.connect("127.0.0.1", arguments.port)
client.loop_start()
for topic, payload in [("many/first", bytes(arguments.payload_bytes)), ("many/last", b"end")]:
    client.publish(topic, payload, qos=2).wait_for_publish()
client.disconnect()
client.loop_stop()
print("all published")

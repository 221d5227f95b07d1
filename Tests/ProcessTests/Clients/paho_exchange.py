"""An exchange with paho-mqtt: connect, subscribe, publish at every QoS, retained messages, properties of MQTT 5.

Prints one line for every check and "all checks passed" last; any failure ends with exit code 1.
"""

import argparse
import queue
import sys

import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.subscribeoptions import SubscribeOptions

SECONDS = 20


class Party:
    """A client whose callbacks put what happened into queues, so that every wait has an end."""

    def __init__(self, name, arguments):
        self.is_version_5 = arguments.version == "5.0"
        version = mqtt.MQTTv5 if self.is_version_5 else mqtt.MQTTv311
        clean = {} if self.is_version_5 else {"clean_session": True}
        self.client = mqtt.Client(name, protocol=version, transport=arguments.transport, **clean)
        self.connected, self.granted, self.ended = queue.Queue(), queue.Queue(), queue.Queue()
        self.published, self.messages = queue.Queue(), queue.Queue()
        self.client.on_connect = lambda c, u, flags, code, properties=None: self.connected.put((flags, code))
        self.client.on_subscribe = lambda c, u, mid, codes, properties=None: self.granted.put(codes)
        self.client.on_unsubscribe = lambda c, u, mid, *rest: self.ended.put(mid)
        self.client.on_publish = lambda c, u, mid: self.published.put(mid)
        self.client.on_message = lambda c, u, message: self.messages.put(message)
        if arguments.cafile:
            self.client.tls_set(ca_certs=arguments.cafile)
        self.client.connect("127.0.0.1", arguments.port)
        self.client.loop_start()
        flags, code = self.connected.get(timeout=SECONDS)
        assert int(getattr(code, "value", code)) == 0, f"CONNACK {code}"

    def subscribe(self, *arguments, **options):
        self.client.subscribe(*arguments, **options)
        return [int(getattr(code, "value", code)) for code in self.granted.get(timeout=SECONDS)]

    def publish(self, topic, payload, qos, retain=False, properties=None):
        extra = {"properties": properties} if properties else {}
        self.client.publish(topic, payload, qos=qos, retain=retain, **extra)
        self.published.get(timeout=SECONDS)

    def message(self):
        return self.messages.get(timeout=SECONDS)

    def close(self):
        self.client.disconnect()
        self.client.loop_stop()


def check(name, actual, expected):
    if actual != expected:
        print(f"FAILED {name}: {actual!r}, expected {expected!r}")
        sys.exit(1)
    print(f"ok {name}")


def exchange(arguments):
    reader, writer = Party("paho-reader", arguments), Party("paho-writer", arguments)
    check("grants", reader.subscribe([("live/#", 2), ("other/+/x", 0)]), [2, 0])

    for qos in (0, 1, 2):
        for length in (0, 1, 127, 128, 16_383, 16_384, 100_000):
            payload = bytes(index * 31 % 256 for index in range(length))
            writer.publish(f"live/{qos}/{length}", payload, qos)
            message = reader.message()
            check(
                f"live QoS {qos}, {length} bytes",
                (message.topic, message.payload, message.qos, message.retain),
                (f"live/{qos}/{length}", payload, qos, False),
            )

    writer.publish("other/a/x", b"capped", 2)
    check("QoS is the subscription's", reader.message().qos, 0)

    for number in range(300):
        writer.client.publish("live/order", str(number), qos=2)
    for number in range(300):
        writer.published.get(timeout=SECONDS)
    check("order", [int(reader.message().payload) for _ in range(300)], list(range(300)))

    reader.client.unsubscribe("live/#")
    reader.ended.get(timeout=SECONDS)
    writer.publish("live/unheard", b"", 1)
    writer.publish("other/fence/x", b"", 1)
    check("unsubscribed", reader.message().topic, "other/fence/x")

    for topic in ("kept/a", "kept/a/b", "kept/a/b/c", "kept/ü/水"):
        writer.publish(topic, topic.encode(), 1, retain=True)
    check("grant of kept", reader.subscribe("kept/#", 1), [1])
    found = sorted((m.topic, m.payload.decode(), m.retain) for m in (reader.message() for _ in range(4)))
    check("retained", found, [(t, t, True) for t in ("kept/a", "kept/a/b", "kept/a/b/c", "kept/ü/水")])
    writer.publish("kept/a", b"", 1, retain=True)
    message = reader.message()
    check("a clear is forwarded", (message.topic, message.payload, message.retain), ("kept/a", b"", False))

    if reader.is_version_5:
        exchange_of_version_5(reader, writer, arguments)
    reader.close()
    writer.close()


def exchange_of_version_5(reader, writer, arguments):
    properties = Properties(PacketTypes.PUBLISH)
    properties.UserProperty = [("a", "1"), ("a", "2"), ("ä", "")]
    properties.ContentType = "text/plain"
    properties.ResponseTopic = "answers/here"
    properties.CorrelationData = bytes(range(256))
    properties.PayloadFormatIndicator = 1
    properties.MessageExpiryInterval = 1_000
    writer.publish("properties/kept", b"text", 1, retain=True, properties=properties)

    subscription = Properties(PacketTypes.SUBSCRIBE)
    subscription.SubscriptionIdentifier = 268_435_455
    options = SubscribeOptions(qos=1, retainAsPublished=True)
    check("grant with options", reader.subscribe("properties/#", options=options, properties=subscription), [1])
    message = reader.message()
    found = message.properties
    check("retained with properties", (message.topic, message.payload, message.retain), ("properties/kept", b"text", True))
    check("user properties", found.UserProperty, [("a", "1"), ("a", "2"), ("ä", "")])
    check("content type", found.ContentType, "text/plain")
    check("response topic", found.ResponseTopic, "answers/here")
    check("correlation data", found.CorrelationData, bytes(range(256)))
    check("payload format", found.PayloadFormatIndicator, 1)
    check("expiry is counted down", 0 < found.MessageExpiryInterval <= 1_000, True)
    check("subscription identifier", found.SubscriptionIdentifier, [268_435_455])

    writer.publish("properties/live", b"", 1, retain=True)
    check("retain as published", reader.message().retain, True)

    again = SubscribeOptions(qos=1, retainHandling=SubscribeOptions.RETAIN_SEND_IF_NEW_SUB)
    check("grant again", reader.subscribe("properties/#", options=again), [1])
    never = SubscribeOptions(qos=1, retainHandling=SubscribeOptions.RETAIN_DO_NOT_SEND)
    check("grant of nothing retained", reader.subscribe("kept/a/b", options=never), [1])
    writer.publish("properties/fence", b"", 1)
    check("retain handling", reader.message().topic, "properties/fence")

    deaf = SubscribeOptions(qos=1, noLocal=True)
    check("grant without own", reader.subscribe("own/#", options=deaf), [1])
    reader.publish("own/a", b"", 1)
    writer.publish("own/b", b"", 1)
    check("no local", reader.message().topic, "own/b")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--version", choices=["3.1.1", "5.0"], required=True)
    parser.add_argument("--transport", choices=["tcp", "websockets"], required=True)
    parser.add_argument("--cafile", help="the authority of a broker that speaks TLS")
    exchange(parser.parse_args())
    print("all checks passed")

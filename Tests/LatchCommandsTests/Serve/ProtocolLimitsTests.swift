import MQTTProtocol
import MQTTWire
import Mosquitto
import Testing

@testable import LatchCommands

/// How a configuration's limits become the protocol's.
@Suite struct ProtocolLimitsTests {
    private func limits(_ text: String) throws -> ProtocolLimits {
        let file = try MosquittoConfiguration.parse(Array(text.utf8), name: "mosquitto.conf")
        return ProtocolLimits(file).with(try #require(file.listeners.first))
    }

    @Test func mosquittosDefaultsAreOurs() throws {
        #expect(try limits("listener 1\n") == ProtocolLimits())
    }

    @Test func everyLimitArrives() throws {
        let limits = try limits(
            """
            listener 1
            max_qos 1
            max_topic_alias 3
            max_topic_alias_broker 4
            allow_zero_length_clientid false
            auto_id_prefix latch-
            max_packet_size 1000
            message_size_limit 900
            accept_protocol_versions 4, 5
            mount_point site/
            max_inflight_messages 5
            max_inflight_bytes 8
            upgrade_outgoing_qos true
            response_information answers/%c
            max_queued_messages 6
            max_queued_bytes 7
            queue_qos0_messages true
            retain_available false
            max_keepalive 60
            persistent_client_expiration 2h
            limit_topic_levels 9
            """
        )
        var expected = ProtocolLimits()
        expected.qosMax = 1
        expected.topicAliasMax = 3
        expected.topicAliasBrokerMax = 4
        expected.isEmptyClientIDAllowed = false
        expected.assignedClientIDPrefix = "latch-"
        expected.packetBytesMax = 1000
        expected.payloadBytesMax = 900
        expected.acceptedVersions = [.v311, .v50]
        expected.mountPoint = Array("site/".utf8)
        expected.inflightCountMax = 5
        expected.inflightEarnedCountMax = 5
        expected.inflightBytesMax = 8
        expected.isOutgoingQoSUpgraded = true
        expected.responseInformation = "answers/%c"
        expected.queuedCountMax = 6
        expected.queuedBytesMax = 7
        expected.areQoS0MessagesQueued = true
        expected.isRetainAvailable = false
        expected.keepAliveSecondsMax = 60
        expected.sessionExpirySecondsMax = 7200
        expected.topicLevelsMax = 9
        #expect(limits == expected)
    }

    @Test func noLimitIsZero() throws {
        let limits = try limits("listener 1\nmax_inflight_messages 0\nmax_queued_messages 0\n")
        #expect(limits.inflightCountMax == 0)
        #expect(limits.queuedCountMax == 0)
    }
}

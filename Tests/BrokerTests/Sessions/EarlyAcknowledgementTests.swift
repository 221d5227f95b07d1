import BrokerTesting
import MQTTProtocol
import MQTTWire
import Testing

/// D1: nothing that must outlive the broker is acknowledged before it is on the disk.
struct EarlyAcknowledgementTests {
    @Test(
        "D1: what awaits a client that is away, or is retained, is acknowledged behind the sync",
        arguments: [QoS.atLeastOnce, .exactlyOnce],
        [false, true]
    )
    func acknowledgement(qos: QoS, isRetained: Bool) async throws {
        let gate = SyncGate()
        var setup = BrokerSetup()
        setup.syncGate = gate
        try await BrokerHarness.run(setup) { broker in
            defer { gate.open() }
            let away = try await broker.connect("away", isCleanStart: false) { $0.sessionExpirySeconds = 1_000 }
            // Where something is retained nobody needs to be away.
            try await away.subscribe(isRetained ? "other" : "a/#", .exactlyOnce)
            try await away.disconnect()
            let publisher = try await broker.connect("publisher")
            gate.close()
            let identifier = await publisher.send(OutgoingMessage("a/b", "x", qos, isRetained: isRetained))
            await publisher.send { buffer, _ in Ping.writeRequest(to: &buffer) }
            // Acknowledgements wait for the disk, other packets do not.
            try #require(try await publisher.receive() == .pingresp)
            gate.open()
            let kind: Acknowledgement.Kind = qos == .atLeastOnce ? .puback : .pubrec
            #expect(try await !publisher.acknowledgement(kind, identifier).reasonCode.isError)
        }
    }
}

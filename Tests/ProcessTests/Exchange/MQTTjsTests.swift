import Testing

extension ProcessTests {
    /// MQTT.js over WebSocket: what a browser's page runs.
    @Suite struct MQTTjsTests {
        @Test(arguments: ["4", "5"])
        func exchange(protocolVersion: String) async throws {
            let broker = try await BrokerConfiguration(in: TemporaryDirectory()).start()
            let output = try await Client.run(
                Executable.node(),
                [
                    Executable.client("mqttjs_exchange.js"), "ws://127.0.0.1:\(broker.webSocketPort)/mqtt",
                    protocolVersion,
                ],
                environment: ["NODE_PATH": "/usr/share/nodejs"],
                in: broker.directory,
                withinSeconds: 120
            )
            #expect(output.hasSuffix("all checks passed\n"))
            try await broker.stop()
        }
    }
}

import Testing

extension ProcessTests {
    /// paho-mqtt, the client that most Python programs use, in both versions of the protocol and over both transports.
    @Suite struct PahoTests {
        @Test(arguments: ["3.1.1", "5.0"], ["tcp", "websockets"])
        func exchange(version: String, transport: String) async throws {
            let broker = try await BrokerConfiguration(in: TemporaryDirectory()).start()
            let output = try await Client.run(
                Executable.python(),
                [
                    Executable.client("paho_exchange.py"), "--version", version, "--transport", transport, "--port",
                    "\(transport == "tcp" ? broker.port : broker.webSocketPort)",
                ],
                in: broker.directory,
                withinSeconds: 120
            )
            #expect(output.hasSuffix("all checks passed\n"))
            try await broker.stop()
        }

        /// R2: a subscriber with ten messages on the way at most takes the whole retained set, while another client's
        /// publications go on.
        @Test func theWholeRetainedSetFitsThroughASmallReceiveMaximum() async throws {
            var configuration = try BrokerConfiguration(in: TemporaryDirectory())
            // mosquitto drops what exceeds its queue; Latch must not, whatever its limit.
            if Executable.isMosquitto { configuration.lines = ["max_queued_messages 0"] }
            let broker = try await configuration.start()
            let topics = 100_000
            try await Client.bench("load", broker, "--topics", "\(topics)", "--messages", "\(topics)")
            let output = try await Client.run(
                Executable.python(),
                [
                    Executable.client("paho_retained_set.py"), "--port", "\(broker.port)", "--filter", "bench/#",
                    "--topics", "\(topics)", "--receive-maximum", "10",
                ],
                in: broker.directory,
                withinSeconds: 300
            )
            #expect(output.hasSuffix("all checks passed\n"))
            try await broker.stop()
        }
    }
}

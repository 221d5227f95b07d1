import Testing

extension ProcessTests {
    /// WebSocket frame by frame, as RFC 6455 has it: handshakes, packets across frames, control frames, faults.
    @Suite(.enabled(if: !Executable.isMosquitto)) struct WebSocketTests {
        @Test func frames() async throws {
            let broker = try await BrokerConfiguration(in: TemporaryDirectory()).start()
            let output = try await Client.run(
                Executable.python(),
                [Executable.client("websocket_frames.py"), "--port", "\(broker.webSocketPort)"],
                in: broker.directory
            )
            #expect(output.hasSuffix("all checks passed\n"))
            try await broker.stop()
        }
    }
}

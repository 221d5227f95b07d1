import Testing

extension ProcessTests {
    /// B2: no input from the network, however malformed, ends the process.
    @Suite struct MalformedInputTests {
        /// The seed is printed; `LATCH_TEST_SEED` gives it again.
        @Test func theBrokerOutlivesWhateverIsSent() async throws {
            var random = SeededRandom.announced()
            let broker = try await BrokerConfiguration(in: TemporaryDirectory()).start()
            let output = try await Client.run(
                Executable.python(),
                [
                    Executable.client("malformed_packets.py"), "--port", "\(broker.port)", "--seed",
                    "\(random.next(below: Int(Int32.max)))",
                ],
                in: broker.directory,
                withinSeconds: 300
            )
            #expect(output.hasSuffix("all checks passed\n"))
            #expect(broker.process.poll() == nil)
            try await broker.stop()
        }
    }
}

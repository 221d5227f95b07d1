import Testing

extension ProcessTests {
    /// S2, in the log at its default level: client, user and address stand there, for fail2ban; topics, payloads,
    /// passwords and keys do not.
    @Suite(.enabled(if: !Executable.isMosquitto)) struct LogSecrecyTests {
        @Test func theLogNamesPartiesAndNothingElse() async throws {
            var configuration = try BrokerConfiguration(in: TemporaryDirectory())
            configuration.isVerbose = false
            configuration.acl = "pattern readwrite %u/#\n"
            let broker = try await configuration.start()
            let identity = ["-u", "xylophone-user", "-P", "halibut-password", "-i", "quokka-client"]
            for (topic, qos) in [
                ("xylophone-user/marzipan", "1"), ("foreign/marzipan", "1"), ("xylophone-user/#", "0"),
            ] {
                // Published, denied, and malformed: the last one loses its connection.
                _ = try await ChildProcess(
                    Executable.mosquittoPub(),
                    ["-h", "127.0.0.1", "-p", "\(broker.port)", "-q", qos, "-r", "-t", topic, "-m", "zeppelin-payload"]
                        + identity,
                    in: broker.directory
                ).end()
            }
            try await broker.stop()
            let log = broker.process.log
            for secret in ["marzipan", "zeppelin-payload", "halibut-password", BrokerConfiguration.key] {
                #expect(!log.contains(secret))
            }
            #expect(log.contains("as quokka-client (") && log.contains("u'xylophone-user'"), "\(log)")
            #expect(log.contains("New connection from 127.0.0.1:"), "\(log)")
        }
    }
}

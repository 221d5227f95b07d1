import Testing

@testable import LatchCommands

@Suite struct BrokerURLTests {
    @Test(arguments: [
        ("mqtt://localhost", "localhost", 1883),
        ("mqtt://localhost:18830", "localhost", 18830),
        ("mqtt://localhost:18830/", "localhost", 18830),
        ("tcp://127.0.0.1:1", "127.0.0.1", 1),
        ("broker", "broker", 1883),
        ("mqtt://[::1]", "::1", 1883),
        ("mqtt://[::1]:65535", "::1", 65535),
    ])
    func hostAndPort(text: String, host: String, port: UInt16) throws {
        let url = try BrokerURL(text)
        #expect(url.host == host)
        #expect(url.port == port)
        #expect(url.username == nil)
    }

    @Test func aWebSocketHasAPathAndAPortOfItsOwn() throws {
        let url = try BrokerURL("ws://alice@localhost/mqtt/in")
        #expect(url.transport == .webSocket(path: "/mqtt/in"))
        #expect(url.host == "localhost")
        #expect(url.port == 9001)
        #expect(url.username == "alice")
        #expect(try BrokerURL("ws://[::1]:80").transport == .webSocket(path: "/"))
        #expect(try BrokerURL("mqtt://localhost/").transport == .tcp)
    }

    @Test func userAndPassword() throws {
        let url = try BrokerURL("mqtt://alice:p@ss:word@localhost:1884")
        #expect(url.username == "alice")
        #expect(url.password == "p@ss:word")
        #expect(url.host == "localhost")
        #expect(try BrokerURL("mqtt://alice@localhost").password == nil)
    }

    @Test(arguments: [
        ("mqtts://localhost", BrokerURLError.scheme("mqtts")),
        ("wss://localhost", .scheme("wss")),
        ("ws:///mqtt", .host),
        ("mqtt://", .host),
        ("mqtt://:1883", .host),
        ("mqtt://[::1", .host),
        ("mqtt://[::1]x", .host),
        ("mqtt://localhost:0", .port("0")),
        ("mqtt://localhost:65536", .port("65536")),
        ("mqtt://localhost:mqtt", .port("mqtt")),
        ("mqtt://localhost:", .port("")),
    ])
    func refusals(text: String, error: BrokerURLError) {
        #expect(throws: error) { try BrokerURL(text) }
    }
}

import ArgumentParser
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

    @Test(arguments: [
        ("mqtts://localhost", BrokerURL.Transport.tcp, 8883), ("wss://localhost/mqtt", .webSocket(path: "/mqtt"), 443),
        ("wss://localhost:8081", .webSocket(path: "/"), 8081),
    ])
    func withTLSThereIsWhomToTrust(text: String, transport: BrokerURL.Transport, port: UInt16) throws {
        let url = try BrokerURL(text)
        #expect(url.transport == transport && url.port == port)
        #expect(url.trust == .system)
        #expect(try ServerTrustOptions.parse(["--insecure"]).applied(to: url).trust == .anybody)
        let trusting = try ServerTrustOptions.parse(["--cafile", "ca.crt"])
        #expect(try trusting.applied(to: url).trust == .authorities(path: "ca.crt"))
        #expect(throws: LoadFailure.self) { try trusting.applied(to: try BrokerURL("mqtt://localhost")) }
        #expect(throws: (any Error).self) { try ServerTrustOptions.parse(["--insecure", "--cafile", "ca.crt"]) }
    }

    @Test func userAndPassword() throws {
        let url = try BrokerURL("mqtt://alice:p@ss:word@localhost:1884")
        #expect(url.username == "alice")
        #expect(url.password == "p@ss:word")
        #expect(url.host == "localhost")
        #expect(try BrokerURL("mqtt://alice@localhost").password == nil)
    }

    @Test(arguments: [
        ("http://localhost", BrokerURLError.scheme("http")),
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

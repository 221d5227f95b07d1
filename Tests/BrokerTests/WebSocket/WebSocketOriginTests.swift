import Broker
import BrokerTesting
import Synchronization
import Testing

/// What the handshake of a WebSocket client says about the client, and how much it may say.
struct WebSocketOriginTests {
    @Test(arguments: [
        ("Origin: https://a.example", 101), ("Origin: https://b.example:8443", 101), ("Origin: https://c.example", 403),
        ("Origin: https://a.example.evil", 403), ("Origin: null", 403), ("X: y", 403),
    ])
    func onlyAllowedOriginsConnect(header: String, status: Int) async throws {
        var setup = BrokerSetup()
        setup.editListener = { $0.allowedOrigins = ["https://a.example", "https://b.example:8443"] }
        try await BrokerHarness.run(setup) { broker in
            let head = try await broker.openWebSocket().upgrade(headers: [header])
            #expect(head.first?.hasPrefix("HTTP/1.1 \(status)") == true)
        }
    }

    @Test func aTrustedProxySaysWhereTheClientIs() async throws {
        let lines = Mutex<[String]>([])
        var setup = BrokerSetup()
        setup.log = { line in lines.withLock { $0.append(line) } }
        let loopback = try #require(AddressRange("127.0.0.0/8"))
        setup.editListener = { $0.trustedProxies = TrustedProxies(ranges: [loopback], header: .cfConnectingIP) }
        try await BrokerHarness.run(setup) { broker in
            let client = try await broker.openWebSocket()
            let head = try await client.upgrade(headers: ["CF-Connecting-IP: 203.0.113.9", "X-Forwarded-For: 1.1.1.1"])
            #expect(head.first?.hasPrefix("HTTP/1.1 101") == true)
            await client.send(.binary, hex: "10 0d 0004 4d515454 04 02 003c 0001 61")
            #expect(try await client.receiveHex(count: 4) == "20 02 00 00")
        }
        #expect(lines.withLock { $0 }.contains { $0.hasPrefix("New client connected from 203.0.113.9:0 as a ") })
    }

    /// Only what the trusted proxy itself added counts, and only if the connection is its own.
    @Test(arguments: [
        ("127.0.0.0/8", ["X-Forwarded-For: 1.1.1.1, 203.0.113.9"], "203.0.113.9:0"),
        ("127.0.0.0/8", ["X-Forwarded-For: 1.1.1.1", "X-Forwarded-For: 203.0.113.9"], "203.0.113.9:0"),
        ("127.0.0.0/8", ["CF-Connecting-IP: 1.1.1.1"], "127.0.0.1:"),
        ("192.0.2.0/24", ["X-Forwarded-For: 1.1.1.1"], "127.0.0.1:"),
    ])
    func whatAClientAddsItselfIsNotBelieved(trusted: String, headers: [String], client: String) async throws {
        let lines = Mutex<[String]>([])
        var setup = BrokerSetup()
        setup.log = { line in lines.withLock { $0.append(line) } }
        let range = try #require(AddressRange(trusted))
        setup.editListener = { $0.trustedProxies = TrustedProxies(ranges: [range], header: .xForwardedFor) }
        try await BrokerHarness.run(setup) { broker in
            let webSocket = try await broker.openWebSocket()
            _ = try await webSocket.upgrade(headers: headers)
            await webSocket.send(.binary, hex: "10 0d 0004 4d515454 04 02 003c 0001 61")
            #expect(try await webSocket.receiveHex(count: 4) == "20 02 00 00")
        }
        #expect(lines.withLock { $0 }.contains { $0.hasPrefix("New client connected from \(client)") })
    }

    @Test func aHeaderWithoutEndIsNotRead() async throws {
        try await BrokerHarness.run { broker in
            // Many fields, one long field, a long path.
            for lines in [
                (0..<1000).map { "X-\($0): \(String(repeating: "a", count: 60))" },
                ["X: " + String(repeating: "a", count: 40_000)],
            ] {
                let client = try await broker.openWebSocket()
                let head = try? await client.upgrade(headers: lines)
                #expect(head?.first?.hasPrefix("HTTP/1.1 101") != true)
            }
            let client = try await broker.openWebSocket()
            let head = try? await client.upgrade(path: "/" + String(repeating: "a", count: 40_000))
            #expect(head?.first?.hasPrefix("HTTP/1.1 101") != true)
            // What identity providers send fits.
            let cookie = "Cookie: " + String(repeating: "a", count: 8_000)
            let ordinary = try await broker.openWebSocket().upgrade(headers: [cookie])
            #expect(ordinary.first?.hasPrefix("HTTP/1.1 101") == true)
        }
    }
}

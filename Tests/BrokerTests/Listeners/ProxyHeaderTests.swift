import BrokerTesting
import MQTTWire
import NIOCore
import Synchronization
import Testing

@testable import Broker

/// The PROXY protocol: the header byte by byte, and a broker behind it.
struct ProxyHeaderTests {
    private static let signature = "0d0a0d0a000d0a515549540a"
    private static let connect = "10 0d 0004 4d515454 04 02 003c 0001 61"

    private func bytes(_ hex: String) throws -> [UInt8] {
        let digits = Array(hex.filter { $0 != " " })
        return try stride(from: 0, to: digits.count, by: 2).map {
            try #require(UInt8(String(digits[$0...$0 + 1]), radix: 16))
        }
    }

    private func read(_ bytes: [UInt8], _ version: ProxyHeader.Version) -> ProxyHeader.Reading {
        ProxyHeader.read(ByteBuffer(bytes: bytes).readableBytesView, version)
    }

    private func address(_ text: String) throws -> InternetAddress { try #require(InternetAddress(text)) }

    @Test(arguments: [
        ("PROXY TCP4 192.0.2.1 192.0.2.2 5000 1883\r\n", "192.0.2.1", 5000),
        ("PROXY TCP6 2001:db8::1 ::1 65535 1\r\n", "2001:db8::1", 65535),
    ])
    func aLineNamesTheClient(line: String, client: String, port: Int) throws {
        let bytes = Array(line.utf8)
        let expected = ProxyHeader.Reading.complete(.client(try address(client), port: port), byteCount: bytes.count)
        #expect(read(bytes + [0x10, 0x0D], .text) == expected)
        for count in 0..<bytes.count { #expect(read(Array(bytes[..<count]), .text) == .incomplete, "\(count)") }
    }

    @Test(arguments: [
        "PROXY\r\n", "proxy TCP4 1.1.1.1 1.1.1.1 1 1\r\n", "PROXY TCP4 1.1.1.1 1.1.1.1 1 1\n",
        "PROXY TCP4 ::1 ::1 1 1\r\n", "PROXY TCP6 1.1.1.1 1.1.1.1 1 1\r\n", "PROXY TCP4 1.1.1.1 1.1.1.1 1 65536\r\n",
        "PROXY TCP4 1.1.1.1 1.1.1.1 -1 1\r\n", "PROXY TCP4 1.1.1.1  1.1.1.1 1 1\r\n",
        "PROXY UDP4 1.1.1.1 1.1.1.1 1 1\r\n",
        "GET / HTTP/1.1\r\n", "X", "PROXY " + String(repeating: "x", count: 101),
    ])
    func whatIsNoLineIsRefused(text: String) {
        #expect(read(Array(text.utf8), .text) == .malformed)
    }

    @Test func aProxyMaySpeakForItself() throws {
        let line = Array("PROXY UNKNOWN ffff::1 whatever 1 1\r\n".utf8)
        #expect(read(line, .text) == .complete(.proxyItself, byteCount: line.count))
        let local = try bytes("\(Self.signature) 20 00 0000")
        #expect(read(local, .binary) == .complete(.proxyItself, byteCount: 16))
        let unix = try bytes("\(Self.signature) 21 31 0002 0000")
        #expect(read(unix, .binary) == .complete(.proxyItself, byteCount: 18))
    }

    @Test(arguments: [
        ("21 11 000c c0000201 c0000202 1388 075b", "192.0.2.1", 28),
        ("21 11 000f c0000201 c0000202 1388 075b 040000", "192.0.2.1", 31),
        ("21 21 0024 20010db8000000000000000000000001 00000000000000000000000000000001 1388 075b", "2001:db8::1", 52),
    ])
    func aBinaryHeaderNamesTheClient(hex: String, client: String, byteCount: Int) throws {
        let bytes = try bytes("\(Self.signature) \(hex)")
        #expect(bytes.count == byteCount)
        let expected = ProxyHeader.Reading.complete(.client(try address(client), port: 5000), byteCount: byteCount)
        #expect(read(bytes + [0x10], .binary) == expected)
        for count in 0..<byteCount { #expect(read(Array(bytes[..<count]), .binary) == .incomplete, "\(count)") }
    }

    @Test(arguments: ["11 11 000c", "22 11 000c", "21 11 000b c0000201 c0000202 1388 07", "21 11 ffff"])
    func aWrongBinaryHeaderIsRefused(hex: String) throws {
        #expect(read(try bytes("\(Self.signature) \(hex)"), .binary) == .malformed)
        #expect(read([0x10, 0x0D], .binary) == .malformed)
    }

    @Test func theLogNamesTheClientAndNotTheProxy() async throws {
        let lines = Mutex<[String]>([])
        var setup = BrokerSetup()
        setup.editListener = { $0.proxyProtocolVersion = 1 }
        setup.log = { line in lines.withLock { $0.append(line) } }
        try await BrokerHarness.run(setup) { broker in
            let client = try await broker.open(.v311)
            // In two pieces, and with CONNECT right behind.
            await client.send(Array("PROXY TCP4 203.0.113.9 127.0.0.1 50".utf8))
            await client.send(Array("00 1883\r\n".utf8) + (try bytes(Self.connect)))
            #expect(try await client.receiveHex(count: 4) == "20 02 00 00")
            let bare = try await broker.open(.v311)
            await bare.send(hex: Self.connect)
            #expect(try await bare.receiveHexToEnd() == "")
            let webSocket = try await broker.openWebSocket()
            let head = try await webSocket.request([
                "PROXY TCP4 203.0.113.9 127.0.0.1 5001 1883", "GET / HTTP/1.1", "Host: a",
            ])
            #expect(head.first == "HTTP/1.1 426 Upgrade Required")
        }
        let log = lines.withLock { $0 }
        #expect(log.contains { $0.hasPrefix("New connection from 203.0.113.9:5000 on port ") })
        #expect(log.contains { $0.hasPrefix("New client connected from 203.0.113.9:5000 as a ") })
        #expect(
            log.contains { $0.hasPrefix("Connection from 127.0.0.1:") && $0.hasSuffix(" closed: no PROXY header.") }
        )
    }

    /// Version 2, and a limit that goes by the address that it names.
    @Test func limitsGoByTheClientAndNotByTheProxy() async throws {
        var setup = BrokerSetup()
        setup.editListener = { $0.proxyProtocolVersion = 2 }
        setup.addressLimits.connectionsMax = 1
        try await BrokerHarness.run(setup) { broker in
            func open(_ address: String) async throws -> MQTTClient {
                let client = try await broker.open(.v311)
                let header = try bytes("\(Self.signature) 21 11 000c \(address) 7f000001 1388 075b")
                await client.send(header + (try bytes(Self.connect)))
                return client
            }
            let first = try await open("cb007109")
            #expect(try await first.receiveHex(count: 4) == "20 02 00 00")
            #expect(try await open("cb007109").receiveHexToEnd() == "")
            #expect(try await open("cb00710a").receiveHex(count: 4) == "20 02 00 00")
        }
    }
}

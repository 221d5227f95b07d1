import Testing

@testable import Broker

/// Addresses, networks, and what proxies say about them.
struct AddressTests {
    @Test(arguments: [
        ("192.0.2.1", "192.0.2.1", true), ("192.0.2.1", "192.0.2.2", false), ("172.16.0.0/12", "172.31.255.255", true),
        ("172.16.0.0/12", "172.32.0.0", false), ("10.0.0.0/8", "10.1.2.3", true), ("0.0.0.0/0", "203.0.113.9", true),
        ("0.0.0.0/0", "::1", false), ("::1", "::1", true), ("2001:db8::/33", "2001:db8:7fff::1", true),
        ("2001:db8::/33", "2001:db8:8000::1", false), ("192.0.2.0/24", "::ffff:192.0.2.7", true),
        ("::ffff:192.0.2.1", "192.0.2.1", true),
    ])
    func aNetworkHoldsItsAddresses(range: String, address: String, isInside: Bool) throws {
        let range = try #require(AddressRange(range))
        #expect(range.contains(try #require(InternetAddress(address))) == isInside)
    }

    @Test(arguments: [
        "", "localhost", "192.0.2.1/", "192.0.2.1/33", "192.0.2.1/24", "192.0.2.1/-1", "::1/129", "fe80::1%eth0",
        "1.2.3",
        "[::1]", "192.0.2.1:80",
    ])
    func whatIsNoNetworkIsNone(text: String) {
        #expect(AddressRange(text) == nil)
    }

    private func peer(_ text: String) throws -> Peer {
        Peer(try #require(InternetAddress(text)), port: 1)
    }

    private func proxies(_ header: TrustedProxies.Header) throws -> TrustedProxies {
        TrustedProxies(ranges: [try #require(AddressRange("10.0.0.0/8"))], header: header)
    }

    @Test(arguments: [
        (["203.0.113.9"], "203.0.113.9:0"), ([" 2001:db8::1 "], "2001:db8::1:0"), ([], "10.0.0.1:1"),
        (["203.0.113.9", "198.51.100.1"], "10.0.0.1:1"), (["nonsense"], "10.0.0.1:1"), ([""], "10.0.0.1:1"),
    ])
    func cloudflaresHeaderIsOneAddress(values: [String], client: String) throws {
        let proxies = try proxies(.cfConnectingIP)
        #expect(proxies.client(of: try peer("10.0.0.1"), values: values).description == client)
        #expect(proxies.client(of: try peer("192.0.2.1"), values: values).description == "192.0.2.1:1")
    }

    @Test(arguments: [
        // What the client wrote itself stands in front.
        (["1.1.1.1, 203.0.113.9"], "203.0.113.9:0"), (["1.1.1.1", "203.0.113.9"], "203.0.113.9:0"),
        (["1.1.1.1, 203.0.113.9, 10.0.0.2"], "203.0.113.9:0"), (["10.0.0.3,10.0.0.2"], "10.0.0.3:0"),
        (["203.0.113.9, nonsense"], "10.0.0.1:1"), (["203.0.113.9, "], "10.0.0.1:1"),
        (["nonsense, 203.0.113.9"], "203.0.113.9:0"), ([], "10.0.0.1:1"),
    ])
    func onlyWhatTrustedProxiesAddedIsBelieved(values: [String], client: String) throws {
        let proxies = try proxies(.xForwardedFor)
        #expect(proxies.client(of: try peer("10.0.0.1"), values: values).description == client)
        #expect(proxies.client(of: try peer("192.0.2.1"), values: values).description == "192.0.2.1:1")
    }
}

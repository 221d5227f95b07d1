import Testing

@testable import Broker

/// Who may open a connection, by address, in virtual time.
struct AddressRegisterTests {
    private func address(_ text: String) throws -> InternetAddress { try #require(InternetAddress(text)) }

    private func register(countMax: Int = 100, _ edit: (inout AddressLimits) -> Void) -> AddressRegister {
        var limits = AddressLimits()
        edit(&limits)
        return AddressRegister(limits: limits, publicLimits: limits, countMax: countMax)
    }

    @Test func connectionsOfOneAddressAreCounted() throws {
        let register = register { $0.connectionsMax = 2 }
        let (one, other) = (try address("192.0.2.1"), try address("192.0.2.2"))
        #expect(register.opened(one, now: 0) == nil)
        #expect(register.opened(one, now: 0) == nil)
        #expect(register.opened(one, now: 0) == .tooMany)
        #expect(register.opened(other, now: 0) == nil)
        register.closed(one, now: 0)
        #expect(register.opened(one, now: 0) == nil)
        #expect(register.opened(nil, now: 0) == nil)
    }

    @Test func aSubnetOfIPv6IsOneClient() throws {
        let register = register { $0.connectionsMax = 1 }
        #expect(register.opened(try address("2001:db8::1"), now: 0) == nil)
        #expect(register.opened(try address("2001:db8::2"), now: 0) == .tooMany)
        #expect(register.opened(try address("2001:db8:0:1::1"), now: 0) == nil)
    }

    @Test func newConnectionsHaveARate() throws {
        let register = register { $0.connectionsPerSecond = 10 }
        let one = try address("192.0.2.1")
        var taken = 0
        for _ in 0..<20 where register.opened(one, now: 5_000) == nil { taken += 1 }
        #expect(taken == 10)
        #expect(register.opened(one, now: 5_099) == .tooFast)
        #expect(register.opened(one, now: 5_100) == nil)
        #expect(register.opened(one, now: 5_100) == .tooFast)
    }

    @Test(arguments: [1, 2, 5])
    func tooManyRefusedLoginsBan(failures: Int) throws {
        let register = register {
            $0.failuresPerMinute = failures
            $0.banSeconds = 60
        }
        let one = try address("192.0.2.1")
        for _ in 1..<failures { #expect(!register.loginFailed(one, now: 1_000)) }
        #expect(register.loginFailed(one, now: 1_000))
        #expect(register.opened(one, now: 60_999) == .banned)
        #expect(register.opened(try address("192.0.2.2"), now: 2_000) == nil)
        #expect(register.opened(one, now: 61_000) == nil)
    }

    @Test func whoSeldomFailsIsNotBanned() throws {
        let register = register { $0.failuresPerMinute = 5 }
        let one = try address("192.0.2.1")
        for minute in 0..<100 { #expect(!register.loginFailed(one, now: UInt64(minute) * 30_000)) }
    }

    @Test func whatIsRememberedIsBounded() throws {
        let register = register(countMax: 3) {
            $0.connectionsMax = 1
            $0.failuresPerMinute = 2
        }
        for number in 1...3 { #expect(register.opened(try address("192.0.2.\(number)"), now: 0) == nil) }
        // All places are in use by connections: whoever else comes is not limited, and not remembered.
        for _ in 0..<2 { #expect(register.opened(try address("192.0.2.9"), now: 0) == nil) }
        #expect(register.count == 3)
        for number in 1...3 { register.closed(try address("192.0.2.\(number)"), now: 0) }
        #expect(register.count == 0)
        // A failure is forgotten when its bucket is full again.
        for number in 1...3 { #expect(!register.loginFailed(try address("192.0.2.\(number)"), now: 0)) }
        #expect(register.count == 3)
        #expect(register.opened(try address("192.0.2.9"), now: 60_000) == nil)
        #expect(register.count == 1)
    }

    @Test func withoutLimitsNothingIsRemembered() throws {
        let register = register { _ in }
        #expect(register.opened(try address("192.0.2.1"), now: 0) == nil)
        #expect(!register.loginFailed(try address("192.0.2.1"), now: 0))
        #expect(register.count == 0)
    }

    /// A private address may be a proxy's, behind which everybody is.
    @Test(arguments: [
        ("192.0.2.1", true), ("2001:db8::1", true), ("172.32.0.1", true), ("172.31.0.1", false), ("10.1.2.3", false),
        ("100.64.0.1", false), ("127.0.0.1", false), ("::1", false), ("fd00::1", false), ("fe80::1", false),
        ("::ffff:192.168.0.1", false), ("::ffff:192.0.2.1", true),
    ])
    func strangersHaveLimitsOfTheirOwn(text: String, isPublic: Bool) throws {
        var limits = AddressLimits()
        limits.connectionsMax = 1
        let register = AddressRegister(limits: AddressLimits(), publicLimits: limits)
        let address = try #require(InternetAddress(text))
        #expect(address.isPublic == isPublic)
        #expect(register.opened(address, now: 0) == nil)
        #expect((register.opened(address, now: 0) == .tooMany) == isPublic)
    }
}

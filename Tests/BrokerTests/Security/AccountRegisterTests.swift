import Testing

@testable import Broker

/// What is counted for each user, or each address, in virtual time.
struct AccountRegisterTests {
    private func register(countMax: Int = 100, _ edit: (inout AccountLimits) -> Void) -> AccountRegister {
        var limits = AccountLimits()
        edit(&limits)
        return AccountRegister(limits: limits, countMax: countMax)
    }

    private func connect(
        _ register: AccountRegister,
        _ user: String?,
        _ clientID: String,
        now: UInt64 = 0
    ) -> Account? {
        let user = user.map { Array($0.utf8) }
        if case .admitted(let account) = register.connected(user, clientID: Array(clientID.utf8), now: now) {
            return account
        }
        return nil
    }

    @Test func clientsOfOneUserAreCounted() throws {
        let register = register { $0.connectionsMax = 2 }
        let first = try #require(connect(register, "alice", "a"))
        #expect(connect(register, "alice", "b") === first)
        #expect(connect(register, "alice", "c") == nil)
        #expect(connect(register, "bob", "c") != nil)
        // A client that comes again takes its own place.
        #expect(connect(register, "alice", "a") === first)
        register.disconnected(first, clientID: Array("a".utf8), now: 0)
        #expect(connect(register, "alice", "c") == nil)
        register.disconnected(first, clientID: Array("a".utf8), now: 0)
        #expect(connect(register, "alice", "c") != nil)
    }

    @Test func clientsWithoutANameAreOneUser() {
        let register = register { $0.connectionsMax = 1 }
        #expect(connect(register, nil, "a") != nil)
        #expect(connect(register, nil, "b") == nil)
        #expect(connect(register, "", "b") != nil)
    }

    @Test func newConnectionsHaveARate() throws {
        let register = register { $0.connectionsPerSecond = 3 }
        for number in 0..<3 { #expect(connect(register, "alice", "\(number)", now: 1_000) != nil) }
        guard case .tooFast = register.connected(Array("alice".utf8), clientID: [], now: 1_000) else {
            Issue.record("the fourth came in")
            return
        }
        #expect(connect(register, "alice", "4", now: 1_334) != nil)
    }

    @Test func subscriptionsOfAllSessionsAreCounted() throws {
        let register = register { $0.subscriptionsMax = 2 }
        let alice = try #require(connect(register, "alice", "a"))
        let bob = try #require(connect(register, "bob", "b"))
        let (hers, his) = (Accounts(user: alice), Accounts(user: bob))
        #expect(hers.subscribed() && hers.subscribed())
        #expect(!hers.subscribed())
        hers.unsubscribed(count: 1)
        #expect(hers.subscribed())
        // A session becomes another user's.
        his.took(subscriptions: 2, from: hers)
        #expect(!his.subscribed())
        #expect(hers.subscribed())
        // It takes what both its user and its address have room for, or nothing.
        let both = Accounts(user: alice, address: bob)
        #expect(!both.subscribed())
        #expect(hers.subscribed())
    }

    @Test func whatIsRememberedIsBounded() throws {
        let register = register(countMax: 2) {
            $0.connectionsMax = 1
            $0.publishesPerSecond = 1
        }
        let alice = try #require(connect(register, "alice", "a"))
        let bob = try #require(connect(register, "bob", "b"))
        #expect(register.count == 2)
        // There is no place: the limits hold, but nothing is added up.
        #expect(connect(register, "carol", "c") != nil)
        #expect(connect(register, "carol", "d")?.rate != nil)
        #expect(register.count == 2)
        register.disconnected(alice, clientID: Array("a".utf8), now: 0)
        #expect(register.count == 1)
        // Whoever owes is remembered until it has been paid for.
        _ = bob.rate?.take(byteCount: 1, now: 0)
        register.disconnected(bob, clientID: Array("b".utf8), now: 0)
        #expect(register.count == 1)
        #expect(connect(register, "bob", "b", now: 1) === bob)
        register.disconnected(bob, clientID: Array("b".utf8), now: 1)
        for name in ["dave", "erin"] { #expect(connect(register, name, name, now: 2_000) != nil) }
        #expect(register.count == 2)
    }

    @Test func withoutLimitsNothingIsRemembered() {
        let register = register { _ in }
        guard case .admitted(nil) = register.connected(nil, clientID: [], now: 0) else {
            Issue.record("an account where nothing is limited")
            return
        }
        #expect(Accounts().subscribed())
        #expect(register.count == 0)
    }
}

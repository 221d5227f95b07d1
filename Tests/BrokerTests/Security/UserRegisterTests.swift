import Testing

@testable import Broker

/// What is counted for each user, in virtual time.
struct UserRegisterTests {
    private func register(countMax: Int = 100, _ edit: (inout UserLimits) -> Void) -> UserRegister {
        var limits = UserLimits()
        edit(&limits)
        return UserRegister(limits: limits, countMax: countMax)
    }

    private func connect(
        _ register: UserRegister,
        _ user: String?,
        _ clientID: String,
        now: UInt64 = 0
    ) -> UserAccount? {
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
        #expect(register.subscribed(alice) && register.subscribed(alice))
        #expect(!register.subscribed(alice))
        register.unsubscribed(alice, count: 1, now: 0)
        #expect(register.subscribed(alice))
        // A session becomes another user's.
        register.moved(2, from: alice, to: bob, now: 0)
        #expect(!register.subscribed(bob))
        #expect(register.subscribed(alice))
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
        #expect(register.subscribed(nil))
        #expect(register.count == 0)
    }
}

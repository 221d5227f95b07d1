import Authentication
import Broker
import BrokerTesting
import Glibc
import MQTTProtocol
import MQTTWire
import Synchronization
import Testing

/// Who is let in with a token, from where it is taken, and what becomes of the connection when it ends.
struct TokenLoginTests {
    private func setup(
        _ issuer: AnyIssuer = AnyIssuer(),
        edit: (inout TokenPolicy) -> Void = { _ in }
    ) -> BrokerSetup {
        var setup = BrokerSetup()
        setup.policy.isAnonymousAllowed = false
        var tokens = TokenPolicy()
        tokens.signed = issuer
        tokens.headers = ["Cf-Access-Jwt-Assertion", "X-Token"]
        tokens.cookie = "CF_Authorization"
        edit(&tokens)
        setup.policy.tokens = tokens
        return setup
    }

    /// Says who clients are, as the log has it.
    private final class Names: Sendable {
        private let lines = Mutex<[String]>([])

        func add(_ line: String) { lines.withLock { $0.append(line) } }

        /// The user name in the line about a client's connection; `nil` where there is none.
        func user(of client: String) -> String? {
            let line = lines.withLock { $0 }.first { $0.contains(" as \(client) (") }
            return line?.split(separator: "u'").last?.split(separator: "'").first.map(String.init)
        }

        var all: [String] { lines.withLock { $0 } }
    }

    @Test(arguments: [ProtocolVersion.v311, .v50])
    func thePasswordFieldTakesATokenWhoeverTheUserNameSays(version: ProtocolVersion) async throws {
        let names = Names()
        var setup = setup()
        setup.log = names.add
        try await BrokerHarness.run(setup) { broker in
            _ = try await broker.connect("a", version) {
                $0.userName = "mallory"
                $0.password = Password("e.alice.good")
            }
            let refused = try await broker.open(version).connect("b") {
                $0.userName = "alice"
                $0.password = Password("e.alice.expired")
            }
            #expect(refused.reasonCode == .notAuthorized)
        }
        #expect(names.user(of: "a") == "alice")
        #expect(names.all.contains { $0.hasPrefix("Token of 127.0.0.1:") && $0.hasSuffix(" refused: expired.") })
        #expect(!names.all.contains { $0.contains("e.alice") })
    }

    @Test(arguments: [
        (["Cf-Access-Jwt-Assertion: e.alice.good"], "alice"), (["CF-ACCESS-JWT-ASSERTION: e.alice.good"], "alice"),
        (["X-Token: e.bob.good"], "bob"), (["Authorization: Bearer e.carol.good"], "carol"),
        (["authorization: bearer   e.carol.good"], "carol"), (["Cookie: CF_Authorization=e.dave.good"], "dave"),
        (["Cookie: a=b; CF_Authorization=e.dave.good; c=d"], "dave"),
        (["Cookie: a=b", "Cookie: CF_Authorization=e.dave.good"], "dave"),
        // The first place counts.
        (["X-Token: e.bob.good", "Cf-Access-Jwt-Assertion: e.alice.good"], "alice"),
        (["Authorization: Bearer e.carol.good", "X-Token: e.bob.good"], "bob"),
        (["Cookie: CF_Authorization=e.dave.good", "Authorization: Bearer e.carol.good"], "carol"),
        // A scheme that is somebody else's.
        (["Authorization: Basic e.carol.good", "Cookie: CF_Authorization=e.dave.good"], "dave"),
    ])
    func requestsCarryTokens(headers: [String], user: String) async throws {
        let names = Names()
        var setup = setup()
        setup.log = names.add
        try await BrokerHarness.run(setup) { broker in
            let answer = try await connack(of: broker, headers)
            #expect(answer == "20 02 00 00")
        }
        #expect(names.user(of: "a") == user)
    }

    @Test(arguments: [
        // None.
        [], ["Authorization: Basic e.carol.good"], ["Authorization: Bearer"], ["Cookie: cf_authorization=e.dave.good"],
        ["Cookie: XCF_Authorization=e.dave.good"], ["Cookie: a=CF_Authorization=e.dave.good"],
        ["Authorization: Bearere.carol.good"],
        // A wrong one in a place that counts more than a right one.
        ["Cf-Access-Jwt-Assertion: e.alice.expired", "X-Token: e.bob.good"],
        ["X-Token:", "Authorization: Bearer e.carol.good"], ["X-Token: secret", "Authorization: Bearer e.carol.good"],
        // Two in one place.
        ["X-Token: e.bob.good", "X-Token: e.bob.good"], ["X-Token: e.bob.good, e.bob.good"],
        ["Authorization: Bearer e.carol.good", "Authorization: Bearer e.carol.good"],
        ["Cookie: CF_Authorization=e.dave.good; CF_Authorization=e.dave.good"],
        // With something around it.
        ["Cookie: CF_Authorization=\"e.dave.good\""], ["Authorization: Bearer e.carol.good x"],
        ["X-Token: Bearer e.bob.good"],
    ])
    func otherRequestsAreRefused(headers: [String]) async throws {
        try await BrokerHarness.run(setup()) { broker in
            let answer = try await connack(of: broker, headers)
            #expect(answer == "20 02 00 05")
        }
    }

    /// The answer to CONNECT of a client of MQTT 3.1.1 called `a`.
    private func connack(of broker: BrokerHarness, _ headers: [String]) async throws -> String {
        let client = try await broker.openWebSocket()
        #expect(try await client.upgrade(headers: headers).first?.hasPrefix("HTTP/1.1 101") == true)
        await client.send(.binary, hex: "10 0d 0004 4d515454 04 02 003c 0001 61")
        return try await client.receiveHex(count: 4)
    }

    /// With tokens, a name alone is nobody's.
    @Test func namesAreNotTakenAtTheirWord() async throws {
        var setup = setup()
        setup.policy.isAnonymousAllowed = true
        try await BrokerHarness.run(setup) { broker in
            let named = try await broker.open().connect("a") { $0.userName = "alice" }
            #expect(named.reasonCode == .notAuthorized)
            let wrong = try await broker.open().connect("a") {
                $0.userName = "alice"
                $0.password = Password("secret")
            }
            #expect(wrong.reasonCode == .notAuthorized)
            _ = try await broker.connect("a")
        }
    }

    @Test func apiTokensStandBesideSignedOnesAndPasswords() async throws {
        let token = try APIToken.random()
        let names = Names()
        var setup = setup { policy in
            policy.plain = TokenIdentity(userName: Array("robot".utf8)).map {
                APITokenTable([(user: $0, digest: token.digest)])
            }
        }
        let hash = try Array("correct".utf8).withUnsafeBytes { try PasswordHash(of: $0, scheme: .sha512) }
        setup.policy.passwords = PasswordTable([(Array("alice".utf8), hash)])
        setup.log = names.add
        try await BrokerHarness.run(setup) { (broker: BrokerHarness) async throws in
            func connect(_ client: String, _ user: String, _ password: String) async throws -> ReasonCode {
                try await broker.open().connect(client) {
                    $0.userName = UTF8String(user)
                    $0.password = Password(password)
                }.reasonCode
            }
            #expect(try await connect("a", "x", token.text) == .success)
            #expect(try await connect("b", "x", "e.bob.good") == .success)
            #expect(try await connect("c", "alice", "correct") == .success)
            #expect(try await connect("d", "alice", "wrong") == .badUserNameOrPassword)
            #expect(try await connect("e", "robot", try APIToken.random().text) == .notAuthorized)
            #expect(try await connack(of: broker, ["Authorization: Bearer \(token.text)"]) == "20 02 00 00")
        }
        #expect(["a", "b", "c"].map(names.user) == ["robot", "bob", "alice"])
    }

    /// Reason code 0xA0, and the will as after any other end that is not the client's own.
    @Test func theConnectionEndsWithItsToken() async throws {
        let names = Names()
        var setup = setup()
        setup.log = names.add
        try await BrokerHarness.run(setup) { broker in
            let watcher = try await broker.connect("watcher") { $0.password = Password("e.watcher.good") }
            try await watcher.subscribe("will")
            for (number, version) in [ProtocolVersion.v50, .v311].enumerated() {
                let client = try await broker.connect("a\(number)", version) {
                    $0.password = Password("e.alice.1")
                    if version == .v311 { $0.userName = "any" }
                    $0.will = Will(topic: "will", payload: Array("\(number)".utf8), qos: .atMostOnce)
                }
                let last = try await client.receiveToEnd()
                if version == .v50 {
                    guard case .disconnect(let reasonCode) = last.first else {
                        Issue.record("\(last)")
                        return
                    }
                    #expect(reasonCode == .maximumConnectTime)
                } else {
                    #expect(last.isEmpty)
                }
                #expect(try await watcher.message().text == "\(number)")
            }
            // Who has a token that goes on stays.
            try await watcher.ping()
        }
        #expect(names.all.count { $0.hasSuffix("disconnected: token expired.") } == 2)
    }

    @Test func anUnknownKeyIsAskedForOnce() async throws {
        let issuer = AnyIssuer()
        try await BrokerHarness.run(setup(issuer)) { broker in
            let first = try await broker.open().connect("a") { $0.password = Password("e.alice.new") }
            #expect(first.reasonCode == .success)
            #expect(issuer.refreshCount == 1)
            let other = try await broker.open().connect("a") { $0.password = Password("e.alice.unknown") }
            #expect(other.reasonCode == .notAuthorized)
            #expect(issuer.refreshCount == 2)
            // Nobody's fault but the issuer's.
            let none = try await broker.open().connect("a") { $0.password = Password("e.alice.nokeys") }
            #expect(none.reasonCode == .serverUnavailable)
        }
    }

    /// Whoever is in does not notice, and whoever comes while the queue is full is told so.
    @Test func aFloodOfTokensWaitsInABoundedQueue() async throws {
        let issuer = AnyIssuer()
        try await BrokerHarness.run(setup(issuer)) { broker in
            let inside = try await broker.connect("inside") { $0.password = Password("e.inside.good") }
            let clients = try await (0..<300).asyncMap { _ in try await broker.open() }
            issuer.close()
            await withTaskGroup(of: ReasonCode?.self) { group in
                for (number, client) in clients.enumerated() {
                    group.addTask {
                        try? await client.connect("c\(number)") { $0.password = Password("e.alice.expired") }.reasonCode
                    }
                }
                // Those who are beyond the queue's end have their answer while all others wait.
                var answers: [ReasonCode?] = []
                while answers.count < 300 - 256 - 1, let answer = await group.next() { answers.append(answer) }
                #expect(answers.allSatisfy { $0 == .serverBusy })
                await #expect(throws: Never.self) { try await inside.ping() }
                issuer.open()
                for await answer in group { answers.append(answer) }
                #expect(answers.count == 300)
                #expect(answers.count { $0 == .notAuthorized } >= 256)
            }
        }
    }

    /// A password of the form of a token where none are taken.
    @Test func withoutTokensNothingChanges() async throws {
        try await BrokerHarness.run { broker in
            _ = try await broker.connect("a") {
                $0.userName = "anybody"
                $0.password = Password("e.alice.expired")
            }
            let headers = ["Authorization: Bearer e.alice.expired"]
            #expect(try await connack(of: broker, headers) == "20 02 00 00")
        }
    }
}

/// Takes `e.USER.good`, and `e.USER.N` for N seconds.
private final class AnyIssuer: TokenVerifier {
    private let refreshes = Mutex(0)
    private let gate = Mutex<[Gate]>([])

    var refreshCount: Int { refreshes.withLock { $0 } }

    func verify(_ token: [UInt8], nowSeconds: Int64) -> TokenVerdict {
        gate.withLock { $0.first }?.wait()
        let parts = String(decoding: token, as: UTF8.self).split(separator: ".").map(String.init)
        guard parts.count == 3 else { return .refused(.malformed) }
        switch parts[2] {
        case "good": return accepted(parts[1], nil)
        case "new": return refreshCount == 0 ? .refused(.unknownKey) : accepted(parts[1], nil)
        case "unknown": return .refused(.unknownKey)
        case "nokeys": return .refused(.noKeys)
        default:
            guard let seconds = Int64(parts[2]) else { return .refused(.expired) }
            return accepted(parts[1], nowSeconds + seconds)
        }
    }

    private func accepted(_ user: String, _ end: Int64?) -> TokenVerdict {
        TokenIdentity(userName: Array(user.utf8), expiresAtSeconds: end).map { .accepted($0) } ?? .refused(.userName)
    }

    func refreshKeys() async -> Bool {
        refreshes.withLock { $0 += 1 }
        return true
    }

    func keepKeysFresh(_ report: @escaping @Sendable (TokenKeyReport) -> Void) async {}

    /// From now on nobody gets an answer.
    func close() { gate.withLock { $0 = [Gate()] } }

    func open() {
        let semaphore = gate.withLock { gate in
            defer { gate = [] }
            return gate.first
        }
        semaphore?.openForEver()
    }
}

/// Holds the threads that come until it is opened.
private final class Gate: Sendable {
    private let descriptors: (read: Int32, write: Int32)

    init() {
        var ends: [Int32] = [-1, -1]
        precondition(pipe(&ends) == 0, "no pipe")
        descriptors = (ends[0], ends[1])
    }

    func wait() {
        var byte: UInt8 = 0
        // The end of the pipe, which every reader sees.
        _ = read(descriptors.read, &byte, 1)
    }

    func openForEver() { Glibc.close(descriptors.write) }

    deinit { Glibc.close(descriptors.read) }
}

extension Sequence {
    fileprivate func asyncMap<Value>(_ transform: (Element) async throws -> Value) async rethrows -> [Value] {
        var values: [Value] = []
        for element in self { values.append(try await transform(element)) }
        return values
    }
}

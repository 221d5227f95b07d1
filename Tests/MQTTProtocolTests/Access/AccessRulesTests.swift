import MQTTProtocol
import Testing

/// The semantics of mosquitto 2.1's access control list, one sentence for each test.
struct AccessRulesTests {
    /// One question to a list, and its answer.
    struct Case: CustomTestStringConvertible {
        var lines: [String]
        var user: String?
        var client: String
        var kind: AccessKind
        var topic: String
        var isAllowed: Bool

        init(
            _ lines: [String],
            user: String?,
            client: String = "client",
            _ kind: AccessKind,
            _ topic: String,
            _ isAllowed: Bool
        ) {
            self.lines = lines
            self.user = user
            self.client = client
            self.kind = kind
            self.topic = topic
            self.isAllowed = isAllowed
        }

        var testDescription: String {
            "\(lines) user \(user ?? "-") client \(client) \(kind) \(topic)"
        }

        func check() {
            let access = IdentityAccess.of(lines, user: user, client: client)
            #expect(access.allows(kind, topic) == isAllowed)
            #expect(access.decision(kind, topic).isAllowed == isAllowed)
        }
    }

    @Test func withoutAListEverythingIsAllowed() {
        let access = AccessRules.unrestricted.view(userName: nil, clientID: [])
        #expect(access.allows(.read, "a/b"))
        #expect(access.allows(.write, "a/b"))
        #expect(access.allows(.read, "$SYS/broker/uptime"))
        #expect(access.decision(.read, "a").reason == .unrestricted)
    }

    @Test func anEmptyListDeniesEverything() {
        for user in [nil, "alice"] {
            let access = IdentityAccess.of([], user: user)
            #expect(!access.allows(.read, "a"))
            #expect(!access.allows(.write, "a"))
            #expect(access.decision(.read, "a").reason == .noRule)
        }
    }

    @Test(arguments: [
        Case(["topic read a"], user: nil, .read, "a", true),
        Case(["topic read a"], user: nil, .write, "a", false),
        Case(["topic write a"], user: nil, .read, "a", false),
        Case(["topic write a"], user: nil, .write, "a", true),
        Case(["topic readwrite a"], user: nil, .read, "a", true),
        Case(["topic readwrite a"], user: nil, .write, "a", true),
        Case(["topic deny a"], user: nil, .read, "a", false),
        Case(["topic deny a"], user: nil, .write, "a", false),
    ])
    func aRuleGrantsWhatItsAccessSays(_ question: Case) {
        question.check()
    }

    @Test(arguments: [
        Case(["topic read a", "user alice"], user: "alice", .read, "a", false),
        Case(["topic read a", "user alice"], user: nil, .read, "a", true),
        Case(["topic read a"], user: "", .read, "a", false),
    ])
    func rulesAboveTheFirstUserConcernOnlyClientsWithoutUserName(_ question: Case) {
        question.check()
    }

    @Test(arguments: [
        Case(["user alice", "topic read a"], user: "alice", .read, "a", true),
        Case(["user alice", "topic read a"], user: "bob", .read, "a", false),
        Case(["user alice", "topic read a"], user: nil, .read, "a", false),
        Case(["user big al", "topic read a"], user: "big al", .read, "a", true),
    ])
    func topicLinesBelongToTheUserAboveThem(_ question: Case) {
        question.check()
    }

    @Test func aUserMayAppearAgainAndHisRulesAddUp() {
        let lines = ["user alice", "topic read a", "user bob", "topic read b", "user alice", "topic read c"]
        let access = IdentityAccess.of(lines, user: "alice")
        #expect(access.allows(.read, "a"))
        #expect(!access.allows(.read, "b"))
        #expect(access.allows(.read, "c"))
    }

    @Test func aUserWithoutEntryAndWithoutPatternsIsDenied() {
        #expect(!IdentityAccess.of(["topic readwrite #"], user: "alice").allows(.read, "a"))
    }

    @Test func patternsAreForEverybodyWhereverTheyStand() {
        let lines = ["user alice", "pattern read shared/#", "topic read a"]
        for user in [nil, "alice", "bob"] {
            #expect(IdentityAccess.of(lines, user: user).allows(.read, "shared/x"))
        }
    }

    @Test(arguments: [
        Case(["pattern read %u/#"], user: "alice", .read, "alice/x", true),
        Case(["pattern read %u/#"], user: "alice", .read, "alice", true),
        Case(["pattern read %u/#"], user: "alice", .read, "alicex/x", false),
        Case(["pattern read %u/#"], user: "alice", .read, "bob/x", false),
        Case(["pattern read %u/#"], user: "alice", .write, "alice/x", false),
        Case(["pattern read %c/#"], user: nil, client: "c1", .read, "c1/x", true),
        Case(["pattern read %c/#"], user: nil, client: "c1", .read, "c2/x", false),
        Case(["pattern write d/%c/%u"], user: "u", client: "c", .write, "d/c/u", true),
        Case(["pattern write d/%c/%u"], user: "u", client: "c", .write, "d/u/c", false),
        Case(["pattern read %u/%u"], user: "u", .read, "u/u", true),
    ])
    func inPatternsNamesStandForOneWholeLevel(_ question: Case) {
        question.check()
    }

    @Test func topicLinesTakeNamesLiterally() {
        let access = IdentityAccess.of(["user alice", "topic read %u/a"], user: "alice")
        #expect(access.allows(.read, "%u/a"))
        #expect(!access.allows(.read, "alice/a"))
    }

    @Test func namesInsideALevelAreLiteralText() {
        let access = IdentityAccess.of(["pattern read x%c/#"], user: "alice", client: "c")
        #expect(access.allows(.read, "x%c/a"))
        #expect(!access.allows(.read, "xc/a"))
    }

    @Test(arguments: ["pattern read %u/#", "pattern read a/%u", "pattern read x%u/#"])
    func patternsWithUserNameAreSkippedForAnonymousClients(line: String) {
        let access = IdentityAccess.of([line], user: nil)
        for topic in ["%u/a", "a/%u", "x%u/a", "/a", "a/"] {
            #expect(!access.allows(.read, topic), "\(topic)")
        }
    }

    @Test(arguments: [
        // The holes of mosquitto 2.0, which replaced names as text.
        Case(["pattern readwrite %u/#"], user: "alice/secret", .read, "alice/secret/x", false),
        Case(["pattern readwrite %u/#"], user: "$SYS", .read, "$SYS/broker/uptime", false),
        Case(["pattern readwrite %c/#"], user: nil, client: "$SYS", .read, "$SYS/x", false),
        Case(["pattern readwrite %u/#"], user: "", .read, "/x", false),
        Case(["pattern readwrite %c/#"], user: nil, client: "", .read, "/x", false),
        Case(["pattern readwrite a/%u"], user: "b/c", .read, "a/b/c", false),
        // Below the first level a dollar sign is an ordinary character.
        Case(["pattern readwrite a/%u"], user: "$b", .read, "a/$b", true),
        // A name that spells the other place holder is a name.
        Case(["pattern readwrite %u/#"], user: "%c", client: "c", .read, "c/x", false),
        Case(["pattern readwrite %u/#"], user: "%c", client: "c", .read, "%c/x", true),
    ])
    func namesThatAreNotOneOrdinaryLevelMatchNothing(_ question: Case) {
        question.check()
    }

    @Test(arguments: [("+", "c"), ("#", "c"), ("a+b", "c"), ("alice", "+"), ("alice", "x#")])
    func namesWithWildcardsAreDeniedOncePatternsAreConsulted(user: String, client: String) {
        let lines = ["user \(user)", "topic read own", "pattern readwrite shared/#", "pattern readwrite %u/#"]
        let access = IdentityAccess.of(lines, user: user, client: client)
        #expect(access.allows(.read, "own"), "the user's own list comes first")
        #expect(!access.allows(.read, "shared/x"))
        #expect(!access.allows(.read, "bob/x"))
        #expect(access.decision(.read, "shared/x").reason == .wildcardInName)
        // Without patterns nothing is consulted.
        let plain = IdentityAccess.of(["user \(user)", "topic read own"], user: user, client: client)
        #expect(plain.allows(.read, "own"))
        #expect(plain.decision(.read, "other").reason == .noRule)
    }

    @Test(arguments: [
        Case(["user u", "topic read a/#", "topic deny a/b"], user: "u", .read, "a/b", false),
        Case(["user u", "topic read a/#", "topic deny a/b"], user: "u", .read, "a/c", true),
        Case(["pattern read %u/#", "pattern deny %u/b"], user: "u", .read, "u/b", false),
    ])
    func denyRulesComeFirstInTheirList(_ question: Case) {
        question.check()
    }

    @Test(arguments: [
        // An own grant is found before a pattern that denies, and an own denial before a pattern that grants.
        Case(["user u", "topic read a", "pattern deny a"], user: "u", .read, "a", true),
        Case(["user u", "topic deny a", "pattern read a"], user: "u", .read, "a", false),
        // A grant that does not cover the request does not decide it.
        Case(["user u", "topic read a", "pattern write a"], user: "u", .write, "a", true),
        Case(["user u", "topic read a", "pattern deny a"], user: "u", .write, "a", false),
    ])
    func theOwnListIsAskedBeforeThePatterns(_ question: Case) {
        question.check()
    }

    @Test func theFirstRuleThatMatchesAndSpeaksAboutTheRequestDecides() {
        let lines = ["user u", "topic write a/#", "topic read a/b", "topic read a/#", "topic deny a/x"]
        let access = IdentityAccess.of(lines, user: "u")
        #expect(access.decision(.read, "a/b") == AccessDecision(isAllowed: true, reason: .rule(line: 3)))
        #expect(access.decision(.read, "a/c") == AccessDecision(isAllowed: true, reason: .rule(line: 4)))
        #expect(access.decision(.write, "a/b") == AccessDecision(isAllowed: true, reason: .rule(line: 2)))
        #expect(access.decision(.write, "a/x") == AccessDecision(isAllowed: false, reason: .rule(line: 5)))
        #expect(access.decision(.read, "b") == AccessDecision(isAllowed: false, reason: .noRule))
    }

    @Test(arguments: ["#", "+/x", "+/#", "+/+", "+"])
    func filtersWithoutDollarNeverMatchDollarTopics(filter: String) {
        let access = IdentityAccess.of(["topic readwrite \(filter)"], user: nil)
        #expect(!access.allows(.read, "$a/x"))
        #expect(!access.allows(.read, "$a"))
        #expect(!access.allows(.write, "$a/x"))
    }

    @Test func filtersWithDollarMatchDollarTopics() {
        let access = IdentityAccess.of(["topic readwrite $a/#", "topic read $SYS/+"], user: nil)
        #expect(access.allows(.write, "$a/x"))
        #expect(access.allows(.read, "$SYS/x"))
        #expect(!access.allows(.read, "a/x"))
    }

    @Test(arguments: [true, false])
    func nobodyWritesToSYSExceptTheStateOfBridges(isRestricted: Bool) {
        let rules = isRestricted ? AccessRules(AccessList(["topic readwrite $SYS/#"]).rules) : .unrestricted
        let access = rules.view(userName: nil, clientID: [1])
        #expect(access.allows(.read, "$SYS/broker/uptime"))
        #expect(!access.allows(.write, "$SYS/broker/uptime"))
        #expect(!access.allows(.write, "$SYS"))
        #expect(!access.allows(.write, "$SYSTEM"))
        #expect(access.decision(.write, "$SYS/x").reason == .serverTopic)
        #expect(access.allows(.write, "$SYS/broker/connection/bridge/state"))
        #expect(!access.allows(.write, "$SYS/broker/connection/bridge/state/x"))
    }

    @Test func shareIsNoTopic() {
        let access = AccessRules.unrestricted.view(userName: nil, clientID: [1])
        for kind in AccessKind.allCases { #expect(!access.allows(kind, "$share/g/a")) }
    }

    @Test func theDeploymentThatLatchReplaces() throws {
        let lines = ["pattern readwrite %u/#"]
        let own = IdentityAccess.of(lines, user: "my_username")
        #expect(own.allows(.write, "my_username/topic"))
        #expect(own.allows(.read, "my_username/topic"))
        #expect(!own.allows(.write, "other_username/topic"))
        let other = IdentityAccess.of(lines, user: "username")
        #expect(!other.allows(.read, "other_username/topic"))
        #expect(try other.subscribe("other_username/topic") == .refused)
        #expect(!IdentityAccess.of(lines, user: nil).allows(.write, "health"))
    }

    @Test func anEmptyTopicIsDenied() {
        #expect(!IdentityAccess.of(["topic readwrite #"], user: nil).allows(.read, ""))
    }
}

import MQTTProtocol
import Testing

/// Which subscriptions the strict policy grants.
struct SubscribeDecisionTests {
    /// One subscription to a list.
    struct Case: CustomTestStringConvertible {
        var lines: [String]
        var filter: String
        var decision: SubscribeDecision

        var testDescription: String { "\(lines) \(filter)" }
    }

    @Test(arguments: [
        Case(lines: ["topic read a/#"], filter: "a", decision: .granted),
        Case(lines: ["topic read a/#"], filter: "a/b", decision: .granted),
        Case(lines: ["topic read a/#"], filter: "a/#", decision: .granted),
        Case(lines: ["topic read a/#"], filter: "a/+/c", decision: .granted),
        Case(lines: ["topic read a/#"], filter: "a/", decision: .granted),
        Case(lines: ["topic read a/#"], filter: "ab", decision: .refused),
        Case(lines: ["topic read a/#"], filter: "#", decision: .refused),
        Case(lines: ["topic read a/#"], filter: "+/b", decision: .refused),
    ])
    func aHashCoversAllTheRestAndTheParentLevel(_ question: Case) throws {
        try check(question)
    }

    @Test(arguments: [
        Case(lines: ["topic read a/+"], filter: "a/b", decision: .granted),
        Case(lines: ["topic read a/+"], filter: "a/+", decision: .granted),
        Case(lines: ["topic read a/+"], filter: "a/", decision: .granted),
        Case(lines: ["topic read a/+"], filter: "a", decision: .refused),
        Case(lines: ["topic read a/+"], filter: "a/#", decision: .refused),
        Case(lines: ["topic read a/+"], filter: "a/b/c", decision: .refused),
        Case(lines: ["topic read a/b"], filter: "a/+", decision: .refused),
        Case(lines: ["topic read a/+/#"], filter: "a/b", decision: .granted),
        Case(lines: ["topic read a/+/#"], filter: "a/#", decision: .refused),
    ])
    func aPlusCoversOneLevelThatIsNoHash(_ question: Case) throws {
        try check(question)
    }

    @Test(arguments: [
        Case(lines: ["topic read #"], filter: "#", decision: .granted),
        Case(lines: ["topic read +/#"], filter: "#", decision: .granted),
        Case(lines: ["topic read #"], filter: "+/#", decision: .granted),
        Case(lines: ["topic read #"], filter: "$SYS/#", decision: .refused),
        Case(lines: ["topic read +/a"], filter: "$x/a", decision: .refused),
        Case(lines: ["topic read $SYS/#"], filter: "$SYS/#", decision: .granted),
        Case(lines: ["topic read $SYS/#"], filter: "$SYS/broker/+", decision: .granted),
        Case(lines: ["topic read $SYS/#"], filter: "#", decision: .refused),
    ])
    func rulesWithoutDollarDoNotCoverDollarFilters(_ question: Case) throws {
        try check(question)
    }

    @Test(arguments: [
        Case(lines: ["topic write a"], filter: "a", decision: .refused),
        Case(lines: ["topic readwrite a"], filter: "a", decision: .granted),
        Case(lines: [], filter: "a", decision: .refused),
    ])
    func onlyRulesThatAllowReadingCount(_ question: Case) throws {
        try check(question)
    }

    @Test(arguments: [
        Case(lines: ["topic deny a/secret", "topic read a/#"], filter: "a/#", decision: .granted),
        Case(lines: ["topic deny a/secret", "topic read a/#"], filter: "a/secret", decision: .refused),
        Case(lines: ["topic deny a/+/x", "topic read a/#"], filter: "a/b/x", decision: .refused),
        Case(lines: ["topic deny a/+/x", "topic read a/#"], filter: "a/b/+", decision: .granted),
        Case(lines: ["topic read a/#", "pattern deny a/b"], filter: "a/b", decision: .granted),
        Case(lines: ["topic deny a/b", "pattern read a/#"], filter: "a/b", decision: .refused),
        Case(lines: ["pattern deny a/b", "pattern read a/#"], filter: "a/b", decision: .refused),
    ])
    func aDenyRuleRefusesWhatLiesWhollyInsideIt(_ question: Case) throws {
        try check(question)
    }

    @Test(arguments: [
        Case(lines: ["topic read a", "topic read b"], filter: "+", decision: .refused),
        Case(lines: ["topic read a", "topic read a/+/#"], filter: "a/#", decision: .refused),
    ])
    func whatOnlyTwoRulesTogetherCoverIsRefused(_ question: Case) throws {
        try check(question)
    }

    @Test(arguments: [
        Case(lines: ["topic read a/#"], filter: "$share/g/a/b", decision: .granted),
        Case(lines: ["topic read a/#"], filter: "$share/g/b", decision: .refused),
        Case(lines: ["topic read a/#"], filter: "$share/a/b", decision: .refused),
        Case(lines: ["topic read #"], filter: "$share/g/#", decision: .granted),
        Case(lines: ["topic read #"], filter: "$share/g/$SYS/#", decision: .refused),
        Case(lines: ["topic read $share/#"], filter: "$share/g/a", decision: .refused),
        Case(lines: ["topic read $shared/#"], filter: "$shared/a", decision: .granted),
    ])
    func aSharedSubscriptionIsCheckedByItsFilter(_ question: Case) throws {
        try check(question)
    }

    @Test func namesAreFilledIn() throws {
        let access = IdentityAccess.of(["pattern read %u/#"], user: "alice")
        #expect(try access.subscribe("alice/#") == .granted)
        #expect(try access.subscribe("bob/#") == .refused)
        #expect(try access.subscribe("+/x") == .refused)
        #expect(try IdentityAccess.of(["pattern read x/#"], user: "a+").subscribe("x/y") == .refused)
    }

    @Test func theFilterPolicyGrantsEverything() throws {
        let access = IdentityAccess.of([], user: "alice")
        for filter in ["#", "a/b", "$SYS/#", "$share/g/a"] {
            #expect(try access.subscribe(filter, .filter) == .granted)
            #expect(try access.subscribe(filter, .strict) == .refused)
        }
    }

    @Test func withoutAListEverythingIsGranted() throws {
        let access = AccessRules.unrestricted.view(userName: nil, clientID: [1])
        for filter in ["#", "$SYS/#", "$share/g/a"] { #expect(try access.subscribe(filter) == .granted) }
    }

    private func check(_ question: Case) throws {
        #expect(try IdentityAccess.of(question.lines, user: nil).subscribe(question.filter) == question.decision)
    }
}

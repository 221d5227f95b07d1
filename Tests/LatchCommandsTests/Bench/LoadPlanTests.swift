import Testing

@testable import LatchCommands

@Suite struct LoadPlanTests {
    private static var sound: LoadPlan {
        var plan = LoadPlan()
        plan.messages = 1
        return plan
    }

    @Test func aSoundPlanHasNoProblem() {
        #expect(Self.sound.problem == nil)
    }

    @Test(
        arguments: [
            { $0.qos = 3 }, { $0.payloadBytes = 15 }, { $0.window = 0 }, { $0.window = 65_536 }, { $0.topics = 3 },
            { $0.connections = 0 }, { $0.mode = .fanout }, { $0.messages = nil }, { $0.seconds = 0 },
            { $0.clearEvery = -1 },
            {
                $0.clearEvery = 2
                $0.isRetained = false
            },
            {
                $0.mode = .fanout
                $0.subscribers = 1
                $0.qos = 2
            },
        ] as [@Sendable (inout LoadPlan) -> Void]
    )
    func problemsAreNamed(change: @Sendable (inout LoadPlan) -> Void) {
        var plan = Self.sound
        change(&plan)
        #expect(plan.problem != nil)
    }

    @Test func theConnectionsNumberReplacesItsPlaceholder() {
        #expect(LoadPlan.expand("a%d/b%d", connection: 7) == "a7/b7")
        #expect(LoadPlan.expand("plain", connection: 7) == "plain")
    }
}

import Testing

@testable import LatchCommands

@Suite struct SweepPlanTests {
    private static let plan = SweepPlan(load: LoadPlan(seconds: 1), seconds: 2, powerCuts: 1)

    @Test func theKillComesAtARandomPlaceOfTheInterval() {
        #expect(Self.plan.killSeconds(policy: .interval(milliseconds: 1_000), chance: 0.5) == 2.5)
        #expect(Self.plan.killSeconds(policy: .always, chance: 0.5) == 2)
        // Half an hour is not waited for.
        #expect(Self.plan.killSeconds(policy: .interval(milliseconds: 1_800_000), chance: 0.5) == 3)
    }

    @Test func anIntervalLongerThanTheLoadIsTold() {
        #expect(!Self.plan.isShorterThanInterval(.always))
        #expect(!Self.plan.isShorterThanInterval(.interval(milliseconds: 2_000)))
        #expect(Self.plan.isShorterThanInterval(.interval(milliseconds: 2_001)))
        #expect(Self.plan.isShorterThanInterval(.none))
    }

    @Test func impossiblePlansAreRefused() {
        #expect(Self.plan.problem == nil)
        for change: (inout SweepPlan) -> Void in [
            { $0.policies = [] }, { $0.seconds = 0 }, { $0.seconds = .nan }, { $0.powerCuts = 0 },
            { $0.load.topics = 0 },
        ] {
            var plan = Self.plan
            change(&plan)
            #expect(plan.problem != nil)
        }
    }
}

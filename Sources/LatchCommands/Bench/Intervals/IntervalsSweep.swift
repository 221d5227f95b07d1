/// Carries out a sweep over sync policies, one kill after the other.
struct IntervalsSweep {
    let plan: SweepPlan
    let seed: UInt64
    /// Where the stores lie; each is removed after its kill.
    let directory: String

    /// - Parameter progress: Called now and then with a line that says how far it is.
    func run(progress: (String) throws(LoadFailure) -> Void) throws(LoadFailure) -> [IntervalsReport.Row] {
        var generator = SeededGenerator(seed: seed)
        var rows: [IntervalsReport.Row] = []
        for (index, policy) in plan.policies.enumerated() {
            let place = "[\(index + 1)/\(plan.policies.count)] \(policy.name)"
            func outcome(_ kind: KillOutcome.Kind, _ title: String) throws(LoadFailure) -> KillOutcome {
                try progress("\(place): \(title), starting")
                let round = KillRound(
                    plan: plan,
                    policy: policy,
                    kind: kind,
                    chance: Double.random(in: 0..<1, using: &generator),
                    directory: directory + "/store"
                )
                return try round.run { seconds throws(LoadFailure) in
                    try progress("\(place): \(title), \(LoadReport.fixed(seconds, digits: 1)) s to go")
                }
            }
            let killed = try outcome(.killed, "killed")
            var powerCuts: [KillOutcome] = []
            for ordinal in 1...plan.powerCuts {
                powerCuts.append(try outcome(.powerCut, "power cut \(ordinal) of \(plan.powerCuts)"))
            }
            rows.append(
                IntervalsReport.Row(
                    policy: policy.name,
                    promisedMilliseconds: policy.promisedMilliseconds,
                    isShorterThanInterval: plan.isShorterThanInterval(policy),
                    killed: killed,
                    powerCuts: powerCuts
                )
            )
        }
        return rows
    }
}

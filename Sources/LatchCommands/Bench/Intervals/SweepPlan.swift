/// What a sweep over sync policies does for each of them.
struct SweepPlan: Equatable, Sendable {
    var policies = SweepPolicy.all
    /// The load, the same for every policy; endless, for it is the kill that ends it.
    var load = LoadPlan()
    /// Seconds of load before a kill; the kill comes at a random moment of the interval that follows.
    var seconds = 10.0
    /// Power cuts for each policy. A cut finds a random part of an interval unsynced, so the worst of several says more.
    var powerCuts = 3
}

extension SweepPlan {
    static let powerCutsMax = 100
    static let secondsMax = 86_400.0

    /// Why the plan cannot be carried out; `nil` if it can.
    var problem: String? {
        if policies.isEmpty { return "name at least one policy" }
        if !(0.1...Self.secondsMax).contains(seconds) {
            return "a load lasts from 0.1 to \(Int(Self.secondsMax)) seconds"
        }
        if !(1...Self.powerCutsMax).contains(powerCuts) { return "1 to \(Self.powerCutsMax) power cuts" }
        return load.problem
    }

    /// How long the load runs before the kill.
    ///
    /// - Parameter chance: from 0 to 1, where in the interval the kill comes. An interval that is longer than the load
    ///   counts as long as the load: waiting half an hour would measure nothing else.
    func killSeconds(policy: SweepPolicy, chance: Double) -> Double {
        let interval = policy.promisedMilliseconds.map { Double($0) / 1_000 } ?? 0
        return seconds + chance * min(interval, seconds)
    }

    /// Whether a load may end before the policy has synced a second time, so that a power cut loses all of it.
    func isShorterThanInterval(_ policy: SweepPolicy) -> Bool {
        guard let milliseconds = policy.promisedMilliseconds else { return true }
        return Double(milliseconds) / 1_000 > seconds
    }
}

import RetainedStore
import Testing

@testable import LatchCommands

@Suite struct SweepPolicyTests {
    @Test(
        arguments: [
            ("always", SweepPolicy.always), ("none", .none), ("1ms", .interval(milliseconds: 1)),
            ("0.5", .interval(milliseconds: 500)), ("30s", .interval(milliseconds: 30_000)),
            ("1800", .interval(milliseconds: 1_800_000)),
        ] as [(String, SweepPolicy)]
    )
    func isReadFromAnArgument(text: String, policy: SweepPolicy) {
        #expect(SweepPolicy(argument: text) == policy)
    }

    @Test(arguments: ["", "never", "0", "-1s", "0.2ms", "1h", "nan", "inf", "ms"]) func nothingElseIs(text: String) {
        #expect(SweepPolicy(argument: text) == nil)
    }

    @Test func namesAreShort() {
        #expect(
            SweepPolicy.all.map(\.name) == ["always", "1 ms", "10 ms", "100 ms", "1 s", "30 s", "1800 s", "none"]
        )
    }

    /// What a sweep writes into mosquitto.conf is what `latch serve` then does, to the millisecond.
    @Test(arguments: SweepPolicy.all + [.interval(milliseconds: 1_001)]) func theBrokerUnderstandsIt(
        policy: SweepPolicy
    ) throws {
        let text = (["listener 1883 127.0.0.1"] + policy.directives).joined(separator: "\n") + "\n"
        let expected: SyncPolicy =
            switch policy {
            case .always: .always
            case .interval(let milliseconds): .interval(milliseconds: milliseconds)
            case .none: .none
            }
        #expect(try ServeSettings(text: text).sync == expected)
    }
}

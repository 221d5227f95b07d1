import Testing

@testable import LatchCommands

@Suite struct ExitStatusTests {
    /// The table of the documentation; scripts depend on it, so no number ever changes its meaning.
    @Test(arguments: [
        (LatchCommands.ExitStatus.fine, 0), (.usage, 1), (.configuration, 2), (.key, 3), (.damagedStore, 4),
        (.busyStore, 5),
        (.addressInUse, 6), (.inputOutput, 7),
    ])
    func theNumbersStay(status: LatchCommands.ExitStatus, code: Int) {
        #expect(Int(status.rawValue) == code)
    }
}

import Testing

@testable import RetainedStore

@Suite struct CheckpointPaceTests {
    private let start = MonotonicTime(nanoseconds: 1_000_000_000)

    private func after(_ milliseconds: Int) -> MonotonicTime { start.advanced(milliseconds: milliseconds) }

    @Test("Writers have a quarter of the room until the first chunk, however long it takes")
    func headStart() {
        let pace = CheckpointPace(recordCount: 1_000, start: start)
        #expect(pace.allowance(of: 400, at: after(0)) == 100)
        #expect(pace.allowance(of: 400, at: after(60_000)) == 100)
    }

    @Test("Between chunks they are given what the pace so far promises, but not for ever")
    func extrapolation() {
        var pace = CheckpointPace(recordCount: 1_000, start: start)
        pace.chunkCommitted(movedCount: 100, at: after(10))
        #expect(pace.progress(at: after(10)) == 0.1)
        #expect(abs(pace.progress(at: after(15)) - 0.15) < 1e-9)
        #expect(pace.progress(at: after(60_000)) == 0.3)
        // What was counted on in advance is not counted twice.
        pace.chunkCommitted(movedCount: 200, at: after(30))
        #expect(pace.progress(at: after(30)) == 0.2)
    }

    @Test("When everything has been moved they may have all of the room")
    func end() {
        var pace = CheckpointPace(recordCount: 1_000, start: start)
        pace.chunkCommitted(movedCount: 1_000, at: after(100))
        #expect(pace.allowance(of: 400, at: after(100)) == 400)
        #expect(pace.allowance(of: 400, at: after(60_000)) == 400)
    }

    @Test("A writer faster than the index is held to its pace, and nothing is lost or refused")
    func slowIndex() throws {
        let fixture = try StoreFixture()
        fixture.limits.overlayEntriesMax = 1_000
        fixture.limits.checkpointEntries = 300
        fixture.limits.dirtyPagesMax = 4
        let pressed = Collected<Bool>()
        let store = try fixture.open()
        store.onProgress { if case .relieved = $0 { pressed.append(true) } }
        let writer = try store.makeWriter()
        for round in 0..<200 {
            try writer.commit((0..<50).map { ("t/\(round)/\($0)", "\(round)") })
            if store.isUnderPressure { pressed.append(false) }
        }
        try store.checkpoint()
        #expect(store.statistics.indexCount == 10_000)
        #expect(pressed.all.contains(true) && pressed.all.contains(false))
    }
}

/// One salvage: reads what is left of a damaged store, builds an index of what opens, and says what could not be saved.
///
/// Changes nothing of the store itself.
final class Salvage {
    var report = SalvageReport()
    let options: StoreOptions
    let opened: OpenedStore
    let envelopes: EnvelopeCheck
    let quarantine: QuarantineFile
    let anchor: Anchor?
    var index: SalvagedIndex
    /// What was not kept, and the keys by which what was kept can be found.
    var unsaved: [(record: UnsavedRecord, key: [UInt8])] = []
    /// The last clear that the journal has of each of those keys; 0: none.
    var clears: [[UInt8]: UInt64] = [:]
    /// What the damaged index says of itself.
    var state: IndexState?
    let choice: Choice
    var source: IndexSource? { choice.source }
    let file: IndexPageFile?
    var versionMax: UInt64 = .max
    /// The LSN from which on the journal is replayed.
    ///
    /// What the index is complete to, it has; where it has lost something, the journal may still have it. But a set that the
    /// journal has is worth nothing where the clear that came later may have stood in a gap.
    var replayedLSN: UInt64 = 0
    /// The LSN that the index says it is complete to.
    var appliedLSN: UInt64 { state?.appliedLSN ?? 0 }

    var dataPath: String { options.location.indexPath + "/" + IndexEnvironment.dataName }

    init(_ options: StoreOptions, _ opened: OpenedStore, nowSeconds: UInt64) throws(StoreError) {
        self.options = options
        self.opened = opened
        let (setID, timeline) = (opened.header.setID, opened.header.timeline)
        do throws(EnvironmentError) {
            envelopes = try EnvelopeCheck(opened, nowSeconds: nowSeconds)
            quarantine = try QuarantineFile(
                store: options.location.directory,
                setID: setID,
                timeline: timeline,
                timeSeconds: nowSeconds
            )
        } catch {
            throw .environment(error)
        }
        anchor = try? Anchor.read(from: options.location.anchorPath, key: opened.keys.header)
        do throws(EnvironmentError) {
            file = try IndexPageFile(path: options.location.indexPath + "/" + IndexEnvironment.dataName)
        } catch {
            guard !RetainedStore.exists(path: options.location.indexPath + "/" + IndexEnvironment.dataName) else {
                throw .environment(error)
            }
            file = nil
        }
        choice = try Self.choose(file, opened, &report)
        state = choice.source?.state
        if state?.timeline != timeline { state = nil }
        var first = IndexState(timeline: timeline)
        first.lastTimeMilliseconds = state?.lastTimeMilliseconds ?? 0
        index = try SalvagedIndex(options, opened, state: first)
    }

    /// Reads everything and builds the index; the marker is the caller's to write.
    ///
    /// - Returns: The last LSN that the salvaged store has given out.
    func run(_ progress: (VerificationProgress) -> Void) throws(StoreError) -> UInt64 {
        // How far the history came says which versions of the index can be believed.
        var gapEnd: UInt64 = 0
        let survey = try journalSalvage().run { _ in
        } gap: { (gap) throws(StoreError) in
            if gap.firstLSN <= appliedLSN { gapEnd = min(gap.endLSN ?? .max, appliedLSN + 1) }
        } record: { (_, _, _, _) throws(StoreError) in
        }
        replayedLSN = report.isIndexProven ? appliedLSN + 1 : gapEnd
        let known = [survey.lastLSN, state?.appliedLSN ?? 0, ownAnchor?.appliedLSN ?? 0].max() ?? 0
        if known > 0 { versionMax = known }
        try readIndex(progress)
        try readJournal(progress)
        try compareAnchor(reachedLSN: max(survey.lastLSN, state?.appliedLSN ?? 0))
        // One more than there was: what stands beside the keyring says of no other state that it has this LSN.
        report.lastLSN = (versionMax == .max ? 0 : versionMax) + 1
        let finished = try index.finish(lastLSN: report.lastLSN)
        report.keptCount = finished.count
        try findOutcomes()
        index.close()
        let hasQuarantine = try StoreError.whileReading { () throws(EnvironmentError) in try quarantine.finish() }
        report.quarantinePath = hasQuarantine ? quarantine.path : nil
        return report.lastLSN
    }

    /// A store that is whole and only earlier than it was is not damaged, and is not taken at its word for having been
    /// salvaged.
    private func compareAnchor(reachedLSN: UInt64) throws(StoreError) {
        guard let anchor = ownAnchor, anchor.appliedLSN > reachedLSN else { return }
        let path = options.location.anchorPath
        if report.damageCount == 0, report.quarantinedCount == 0, let state { try anchor.check(state, path: path) }
        report.add(
            Damage(
                file: path,
                offset: 48,
                field: "LSN of the anchor",
                expected: "at most \(reachedLSN), which is as far as the store goes",
                found: "\(anchor.appliedLSN)"
            )
        )
        report.journalMissingCount += anchor.appliedLSN - reachedLSN
    }

    /// Takes back what was made, after a failure.
    func discard() {
        index.close()
        try? SalvagedIndex.removeUnfinished(options.location)
    }

    private var ownAnchor: Anchor? {
        anchor.flatMap { $0.setID == opened.header.setID && $0.timeline == opened.header.timeline ? $0 : nil }
    }

    func journalSalvage() throws(StoreError) -> JournalSalvage {
        try JournalSalvage(
            directory: options.location.journalPath,
            identity: opened.journalIdentity,
            appliedLSN: state?.appliedLSN ?? 0
        )
    }
}

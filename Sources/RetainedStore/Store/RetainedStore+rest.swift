extension RetainedStore {
    /// Whether everything ordered has been written and no pass over the index is under way; segments may be being prepared.
    package var isIdle: Bool {
        order.withLock { journal.failure != nil || isWrittenAndPassed }
    }

    /// With the order lock held.
    private var isWrittenAndPassed: Bool {
        let isWritten = journal.writingGroup == nil && journal.openGroup?.count ?? 0 == 0
        return isWritten && (checkpointer.passes.allSatisfy(\.isWithdrawn) || overlays.isIndexFull)
    }

    /// Whether everything ordered has been written, every segment that is wanted is ready and no pass over the index is
    /// under way: nothing happens from here
    /// on before somebody asks for something. For simulations, which let things happen one after the other.
    package var isAtRest: Bool {
        order.withLock {
            if journal.failure != nil { return true }
            let areSegmentsReady =
                !journal.isPreparing && journal.retired.isEmpty && (!journal.spares.isEmpty || journal.isOutOfSpace)
            return isWrittenAndPassed && areSegmentsReady
        }
    }
}

extension RetainedStore {
    /// Whether everything ordered has been written and every segment that is wanted is ready: nothing happens from here
    /// on before somebody asks for something. For simulations, which let things happen one after the other.
    package var isAtRest: Bool {
        order.withLock {
            if journal.failure != nil { return true }
            let isWritten = journal.writingGroup == nil && journal.openGroup?.count ?? 0 == 0
            let areSegmentsReady =
                !journal.isPreparing && journal.retired.isEmpty && (!journal.spares.isEmpty || journal.isOutOfSpace)
            return isWritten && areSegmentsReady
        }
    }
}

/// Puts a salvaged index in the damaged store's place.
///
/// The marker decides: before it is there the damaged store is in force and nothing of it has been touched, from then on the
/// salvaged one is, and whatever an interruption left undone the next opening does (CrashModel.md, "While a store is salvaged").
/// Every step may be done twice.
struct SalvageSwap {
    let location: StoreLocation
    let disk: any JournalDisk

    /// Makes what the marker promises true: the index in its place, and no journal, since the index covers everything.
    ///
    /// For whoever holds the store's lock and then begins a journal, before anybody can publish.
    func run() throws(EnvironmentError) {
        let posix = PosixDisk()
        let salvaged = SalvagedIndex.path(location) + "/" + IndexEnvironment.dataName
        if RetainedStore.exists(path: salvaged) {
            try posix.rename(salvaged, to: location.indexPath + "/" + IndexEnvironment.dataName)
            try posix.syncDirectory(location.indexPath)
        }
        try SalvagedIndex.removeUnfinished(location)
        try RetainedStore.makeDirectory(location.journalPath)
        for name in try disk.names(in: location.journalPath) where SegmentName.number(of: name) != nil {
            try disk.remove(location.journalPath + "/" + name)
        }
        try disk.syncDirectory(location.journalPath)
        // The opening that follows writes one of the salvaged store.
        if RetainedStore.exists(path: location.anchorPath) { try posix.remove(location.anchorPath) }
    }
}

import RetainedStore

/// What recovering or verifying a store found, for a person or for a program.
struct StoreReport: Encodable, Equatable {
    /// A place that is damaged.
    struct Place: Encodable, Equatable {
        var file: String
        var offset: UInt64
        var field: String
        var expected: String
        var found: String

        init(_ damage: Damage) {
            file = damage.file
            offset = damage.offset
            field = damage.field
            expected = damage.expected
            found = damage.found
        }
    }

    var store: String
    /// Where the key came from; `nil`: none was given, and structure and checksums are all that was checked.
    var key: String?
    var journalSegments: Int
    var journalRecords: UInt64
    /// Records that the index did not have; `nil` where nothing was replayed, but only read.
    var replayedRecords: UInt64?
    /// Whether the journal's end says that the store was idle or closed; `nil` where it was not opened.
    var endedCleanly: Bool?
    /// Bytes that had not become durable, never acknowledged.
    var tornBytes: UInt64
    var indexRecords: UInt64
    /// Topics with a retained message; known with the key only, as the next two.
    var retainedSet: UInt64?
    /// Topics that were cleared and are not out of the index yet.
    var retainedCleared: UInt64?
    var retainedExpired: UInt64?
    /// Records of clients' sessions: the sessions, their subscriptions, what waits for them; known with the key only.
    var sessionRecords: UInt64?
    var damagedPlaces: UInt64
    /// The first of them.
    var damage: [Place]
    /// What a salvage did before; `nil`: none was needed, or none was asked for.
    var salvage: SalvageSummary?
    var seconds: Double

    /// A store whose index could not be walked: nothing else was read.
    init(_ damage: Damage, store: String, key: String?) {
        var report = VerificationReport()
        report.note(damage)
        self.init(report, store: store, key: key)
    }

    init(_ report: VerificationReport, store: String, key: String?) {
        self.store = store
        self.key = report.hadKey ? key : nil
        journalSegments = report.segmentCount
        journalRecords = report.journalRecordCount
        tornBytes = report.tornBytes
        indexRecords = report.indexRecordCount
        if report.hadKey {
            retainedSet = report.setCount
            retainedCleared = report.clearedCount
            retainedExpired = report.expiredCount
            sessionRecords = report.sessionRecordCount
        }
        damagedPlaces = report.damageCount
        damage = report.damage.map(Place.init)
        seconds = report.seconds
    }

    init(_ report: RecoveryReport, store: String, key: String) {
        self.init(report.verification, store: store, key: key)
        // What was found before anything was replayed: opening begins a segment of its own.
        journalSegments = report.opening.segmentCount
        journalRecords = report.opening.recordCount
        replayedRecords = report.opening.replayedCount
        endedCleanly = report.opening.endsWithMark
        tornBytes = report.opening.tornBytes
        seconds = report.seconds
    }
}

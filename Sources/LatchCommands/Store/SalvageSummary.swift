import RetainedStore

/// What salvaging a store did, for a person or for a program.
struct SalvageSummary: Encodable, Equatable {
    /// A record that was not kept.
    struct Unsaved: Encodable, Equatable {
        /// `index` or `journal`.
        var region: String
        var place: StoreReport.Place
        var version: UInt64?
        var dataKey: String?
        var topic: String?
        /// `lost`, `older version kept`, `newer version kept` or `unknown`.
        var outcome: String
        /// The version that is kept.
        var keptVersion: UInt64?

        init(_ record: UnsavedRecord) {
            region = record.region.rawValue
            place = StoreReport.Place(record.damage)
            version = record.version
            dataKey = record.dataKeyID
            topic = record.topic
            switch record.outcome {
            case .lost: outcome = "lost"
            case .unknown: outcome = "unknown"
            case .olderKept(let version):
                outcome = "older version kept"
                keptVersion = version
            case .newerKept(let version):
                outcome = "newer version kept"
                keptVersion = version
            }
        }
    }

    /// The file with what was not kept; `nil`: there is no such thing.
    var quarantine: String?
    /// Records that are kept.
    var keptRecords: UInt64
    var lastLSN: UInt64
    /// Records that the index says it had; of these, those that were found, and of those, the ones on pages that the tree no
    /// longer reaches.
    var indexStated: UInt64?
    var indexFound: UInt64
    var indexOffTree: UInt64
    var indexQuarantined: UInt64
    /// Records that the index says it had and of which nothing was found.
    var indexMissing: UInt64?
    /// Whether what was found is, to the record and the version, what the index says of itself.
    var indexProven: Bool
    var shredded: UInt64
    var journalSegments: Int
    /// Records of the journal whose place a MAC vouches for.
    var journalRecords: UInt64
    /// Records that were kept though nothing vouches for their place but their version.
    var journalUnbound: UInt64
    var journalQuarantined: UInt64
    /// Records of the journal of which nothing was found.
    var journalMissing: UInt64
    var tornBytes: UInt64
    /// What is broken apart from single records; the first places.
    var damagedPlaces: UInt64
    var damage: [StoreReport.Place]
    /// What became of the records that were not kept: how many, and each of the first ones.
    var lost: UInt64
    var olderVersionKept: UInt64
    var newerVersionKept: UInt64
    var unknown: UInt64
    var unsaved: [Unsaved]
    var seconds: Double

    init(_ report: SalvageReport) {
        quarantine = report.quarantinePath
        keptRecords = report.keptCount
        lastLSN = report.lastLSN
        indexStated = report.indexStatedCount
        indexFound = report.indexReadCount
        indexOffTree = report.offTreeCount
        indexQuarantined = report.indexQuarantinedCount
        indexMissing = report.indexMissingCount
        indexProven = report.isIndexProven
        shredded = report.shreddedCount
        journalSegments = report.segmentCount
        journalRecords = report.journalRecordCount
        journalUnbound = report.unboundCount
        journalQuarantined = report.journalQuarantinedCount
        journalMissing = report.journalMissingCount
        tornBytes = report.tornBytes
        damagedPlaces = report.damageCount
        damage = report.damage.map(StoreReport.Place.init)
        lost = report.lostCount
        olderVersionKept = report.olderKeptCount
        newerVersionKept = report.newerKeptCount
        unknown = report.unknownCount
        unsaved = report.unsaved.map(Unsaved.init)
        seconds = report.seconds
    }
}

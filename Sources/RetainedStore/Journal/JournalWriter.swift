internal import Synchronization

/// Writes groups to segments: what the journal thread owns alone.
///
/// Knows nothing of threads, policies and acknowledgements. After any error it must not be used again: what is on the
/// disk is unknown then (CrashModel.md, "After an error").
final class JournalWriter {
    private let disk: any JournalDisk
    private let directory: String
    private let identity: JournalIdentity
    private var cipher: AESCMAC
    private var chain: MACChain
    private var segment: Segment?
    private var salt: UInt32 = 0
    private let headerBlock: UnsafeMutableRawBufferPointer
    /// Where the history ends: behind the last group that was written.
    private(set) var end: JournalEnd
    /// The last LSN that is synced, and so the one that the next group's header states.
    private(set) var syncedLSN: UInt64
    /// The durable LSN that the last group states.
    private(set) var statedLSN: UInt64
    /// Whether something was written since the last sync, be it a mark.
    private(set) var hasUnsyncedBytes = false

    /// - Parameter end: Where the history so far ends; all of it is on the disk.
    init(disk: any JournalDisk, directory: String, identity: JournalIdentity, end: JournalEnd) throws(EnvironmentError)
    {
        self.disk = disk
        self.directory = directory
        self.identity = identity
        guard let key = identity.key else { preconditionFailure("a journal is written with its key") }
        cipher = try AESCMAC(key: key)
        chain = try MACChain(key: key)
        headerBlock = .allocate(byteCount: SegmentHeader.blockBytes, alignment: 4_096)
        self.end = end
        syncedLSN = end.lastLSN
        statedLSN = end.lastLSN
    }

    deinit {
        headerBlock.deallocate()
    }

    /// Makes a spare segment, which has been given its number, the one that groups are written to.
    ///
    /// The predecessor is synced first, under every policy: a segment that states where its predecessor ended must not
    /// be on the disk before that end is. The header is synced before the file gets its number as a name, so that a
    /// file with such a name and a damaged header is damage, never an unfinished preparation.
    func begin(_ segment: Segment) throws(EnvironmentError) {
        try sync()
        var salt: UInt32 = 0
        try withUnsafeMutableBytes(of: &salt) { bytes throws(EnvironmentError) in try SecureRandom.fill(bytes) }
        headerBlock.initializeMemory(as: UInt8.self, repeating: 0)
        let header = SegmentHeader(
            setID: identity.setID,
            timeline: identity.timeline,
            number: segment.number,
            firstLSN: segment.firstLSN,
            segmentBytes: UInt64(segment.bytes),
            salt: salt,
            predecessorEnd: end.offset,
            predecessorMAC: end.mac
        )
        precondition(
            segment.number == end.segmentNumber + 1 && segment.firstLSN == end.lastLSN + 1,
            "segments and LSNs have no gaps"
        )
        let mac = header.encode(into: headerBlock, cipher: &cipher)
        try segment.file.write(UnsafeRawBufferPointer(headerBlock), at: 0)
        try segment.file.sync()
        let name = directory + "/" + SegmentName.segment(segment.number)
        try disk.rename(segment.file.path, to: name)
        segment.file.wasRenamed(to: name)
        try disk.syncDirectory(directory)
        self.segment = segment
        self.salt = salt
        chain.last = mac
        end.segmentNumber = segment.number
        end.offset = UInt64(SegmentHeader.blockBytes)
        end.mac = mac
    }

    /// Writes a group whose slots are all filled, or a mark if it has none.
    func write(_ group: GroupBuffer) throws(EnvironmentError) {
        if group.segment !== segment { try begin(group.segment) }
        guard let segment else { preconditionFailure("a group always has a segment") }
        precondition(
            UInt64(group.base) == end.offset && group.firstLSN == end.lastLSN + 1,
            "groups follow each other without gaps"
        )
        let bytes = group.bytes
        let header = GroupHeader(
            firstLSN: group.firstLSN,
            durableLSN: syncedLSN,
            recordCount: group.count,
            groupBytes: bytes.count
        )
        header.encode(into: bytes)
        let mac = chain.mac(of: UnsafeRawBufferPointer(bytes), recordCount: group.count)
        GroupHeader.complete(bytes, mac: mac, salt: salt)
        try segment.file.write(UnsafeRawBufferPointer(bytes), at: group.base)
        hasUnsyncedBytes = true
        statedLSN = syncedLSN
        chain.last = mac
        end.mac = mac
        end.offset += UInt64(bytes.count)
        end.lastLSN += UInt64(group.count)
    }

    /// Returns when everything written is on the disk.
    func sync() throws(EnvironmentError) {
        guard hasUnsyncedBytes, let segment else { return }
        try segment.file.sync()
        hasUnsyncedBytes = false
        syncedLSN = end.lastLSN
    }
}

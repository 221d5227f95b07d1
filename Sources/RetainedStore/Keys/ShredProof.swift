internal import Synchronization

/// Tries, after a shred, what somebody would try who has the disk, the master key and the keyring as it is now.
struct ShredProof: ~Copyable {
    /// Records tried at most: a namespace may have had millions, and every one of them was sealed with the same keys.
    private static let triedMax = 10_000

    /// Records of the namespace that were found in the journal's files, those ready for use included.
    private(set) var triedCount: UInt64 = 0
    /// Those that opened: none, or the shred has failed.
    private(set) var openedCount: UInt64 = 0

    private let namespace: NamespaceToken
    private let lastLSN: UInt64
    private let keys: [DataKey]
    private let shreddedIDs: Set<DataKeyID>
    private var cipher: XAESOpener
    private var bound: EnvelopeAssociatedData

    /// - Parameter keyring: Read from the file anew.
    init(setID: SetID, keyring: Keyring, namespace: NamespaceToken, lastLSN: UInt64) throws(EnvironmentError) {
        self.namespace = namespace
        self.lastLSN = lastLSN
        let bucket = KeyringKeys.bucket(of: namespace)
        keys = keyring.keys.withLock { $0.keys(of: .namespace(namespace)) + $0.keys(of: .bucket(bucket)) }
        shreddedIDs = Set(keyring.shreddedKeys.filter { $0.namespace == namespace }.map(\.id))
        cipher = try XAESOpener()
        bound = EnvelopeAssociatedData(setID: setID)
    }

    /// Looks for records wherever a group begins in a file of the journal, part of the history or not.
    mutating func tryFile(_ file: any JournalFile) throws(EnvironmentError) {
        let reader = try SegmentReader(file: file)
        var next = 0
        while triedCount < Self.triedMax, let offset = try reader.firstOffset(of: GroupHeader.magic, from: next) {
            next = offset + GroupHeader.alignment
            let bytes = try reader.read(at: offset, count: GroupHeader.bytes)
            guard let header = GroupHeader(bytes, bytesMax: reader.bytes - offset) else { continue }
            try tryGroup(try reader.read(at: offset, count: Int(header.groupBytes)), header)
        }
    }

    private mutating func tryGroup(_ group: UnsafeRawBufferPointer, _ header: GroupHeader) throws(EnvironmentError) {
        guard let base = group.baseAddress else { return }
        var offset = GroupHeader.bytes
        for _ in 0..<header.recordCount {
            // Old bytes of any kind: whatever does not look like a record ends the group.
            guard offset + JournalRecord.headerBytes <= group.count else { return }
            let record = JournalRecord(base: base + offset)
            let bytes = JournalRecord.bytes(keyBytes: record.keyBytes, sealedBytes: record.sealedBytes)
            guard record.recordBytes == bytes, offset + bytes <= group.count,
                BlindTopicKey.isWellFormed(record.key)
            else { return }
            offset += bytes
            if BlindTopicKey.namespace(of: record.key) == namespace, record.version <= lastLSN {
                try tryRecord(record)
            }
        }
    }

    private mutating func tryRecord(_ record: JournalRecord) throws(EnvironmentError) {
        guard let type = RecordType(rawValue: record.type), shreddedIDs.contains(record.dataKeyID) else { return }
        triedCount += 1
        let plaintext = UnsafeMutableRawBufferPointer.allocate(byteCount: record.sealedBytes, alignment: 16)
        defer { plaintext.deallocate() }
        guard let output = plaintext.baseAddress else { return }
        let associatedData = bound.write(
            recordType: type,
            collection: RecordCollection(ofKey: record.key),
            blindKey: record.key,
            keyID: record.dataKeyID
        )
        for key in keys {
            cipher.forgetKeys()
            // Each secret that is left, under the id that the record names.
            let candidate = DataKey(id: record.dataKeyID, secret: key.secret, scope: key.scope, generation: 1)
            try cipher.prepare(candidate)
            if cipher.open(record.sealed, associatedData: associatedData, keyID: candidate.id, into: output) {
                openedCount += 1
            }
        }
    }
}

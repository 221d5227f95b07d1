/// Opens records for a reader, into memory that it uses again and again.
///
/// Not for two threads at once.
final class RecordOpener {
    /// What most messages need; larger ones enlarge the buffer, the largest ones only for as long as they are at hand.
    private static let keptBytesMax = 1 << 20

    private let opener: Opener
    private var plaintext: UnsafeMutableRawBufferPointer

    init(setID: SetID, keyring: Keyring) throws(EnvironmentError) {
        opener = try Opener(setID: setID, keyring: keyring)
        plaintext = .allocate(byteCount: 4_096, alignment: 16)
    }

    deinit {
        plaintext.deallocate()
    }

    /// Begins to use keys, once for each batch: without those that have been destroyed or replaced.
    @inline(__always)
    func begin() { opener.begin() }

    /// Ends the use.
    @inline(__always)
    func end() { opener.end() }

    /// Whether a record's key was destroyed, so that the record is gone and not damaged.
    func isShredded(dataKeyID: DataKeyID, key: UnsafeRawBufferPointer, version: UInt64) -> Bool {
        opener.isShredded(keyID: dataKeyID, blindKey: key, version: version)
    }

    /// Opens sealed bytes; what is returned points into this object's memory, until the next call.
    ///
    /// - Parameters:
    ///   - file: Where the bytes are, for the error.
    ///   - offset: The same.
    func open(
        _ sealed: UnsafeRawBufferPointer,
        type: RecordType,
        key: UnsafeRawBufferPointer,
        dataKeyID: DataKeyID,
        file: @autoclosure () -> String,
        offset: Int
    ) throws(StoreError) -> MessageParts {
        makeRoom(Opener.plaintextBytes(ofSealedBytes: sealed.count))
        do throws(EnvelopeError) {
            return try opener.open(
                sealed,
                recordType: type,
                collection: RecordCollection(ofKey: key),
                blindKey: key,
                keyID: dataKeyID,
                into: plaintext
            )
        } catch {
            throw StoreError(error, file: file(), offset: offset)
        }
    }

    /// Opens a set; nil if its key was destroyed. What that costs, only a record that does not open pays.
    @inline(__always)
    func openUnlessShredded(
        _ sealed: UnsafeRawBufferPointer,
        version: UInt64,
        key: UnsafeRawBufferPointer,
        dataKeyID: DataKeyID,
        file: @autoclosure () -> String,
        offset: @autoclosure () -> Int
    ) throws(StoreError) -> MessageParts? {
        makeRoom(Opener.plaintextBytes(ofSealedBytes: sealed.count))
        do throws(EnvelopeError) {
            return try opener.open(
                sealed,
                recordType: .set,
                collection: RecordCollection(ofKey: key),
                blindKey: key,
                keyID: dataKeyID,
                into: plaintext
            )
        } catch {
            if case .unknownKey = error, isShredded(dataKeyID: dataKeyID, key: key, version: version) { return nil }
            throw StoreError(error, file: file(), offset: offset())
        }
    }

    /// Makes sure that a record of the journal is what a writer of this store put there. One whose key was destroyed can
    /// not be opened any more: what it did, it did to messages that are gone with it.
    func authenticate(_ record: JournalRecord, file: @autoclosure () -> String, place: JournalPlace) throws(StoreError)
    {
        guard let type = RecordType(rawValue: record.type) else {
            throw .unsupported(file: file(), what: "record type \(record.type)")
        }
        if isShredded(dataKeyID: record.dataKeyID, key: record.key, version: record.version) { return }
        _ = try open(
            record.sealed,
            type: type,
            key: record.key,
            dataKeyID: record.dataKeyID,
            file: file(),
            offset: place.offset
        )
    }

    private func makeRoom(_ bytes: Int) {
        let isTooLarge = plaintext.count > Self.keptBytesMax && bytes <= Self.keptBytesMax
        guard bytes > plaintext.count || isTooLarge else { return }
        var wanted = 4_096
        while wanted < bytes { wanted *= 2 }
        plaintext.deallocate()
        plaintext = .allocate(byteCount: wanted, alignment: 16)
    }
}

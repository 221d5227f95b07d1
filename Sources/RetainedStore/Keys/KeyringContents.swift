/// What the entries of a keyring file say.
struct KeyringContents {
    /// The keys, and those that were destroyed, in the order of their entries.
    private(set) var items: [KeyringItem] = []
    /// Bytes behind the last entry that an interrupted append left.
    private(set) var tornBytes = 0

    init() {}

    /// The keys, without those that were destroyed.
    var keys: [DataKey] {
        items.compactMap { if case .key(let key) = $0 { key } else { nil } }
    }

    /// Reads the entries behind the header.
    ///
    /// An append that a power cut interrupted leaves blank sectors or a short last entry, and possibly whole entries
    /// behind a blank one, as sectors are written in any order. Since an append begins only when the one before it is
    /// synced, entries behind a blank one are a torn append exactly if they were appended together with what is missing;
    /// anything else is damage.
    init(entriesOf file: UnsafeRawBufferPointer, header: KeyringHeader, path: String) throws(KeyringError) {
        let wholeCount = (file.count - KeyringHeader.bytes) / KeyringEntry.bytes
        for index in 0..<wholeCount {
            let offset = KeyringHeader.bytes + index * KeyringEntry.bytes
            let entry = UnsafeRawBufferPointer(rebasing: file[offset..<offset + KeyringEntry.bytes])
            let sequence = UInt64(index) + 1
            if KeyringEntry.isBlank(entry) {
                try Self.checkTail(file, from: offset, appendSequenceMax: sequence, path: path)
                tornBytes = file.count - offset
                return
            }
            items.append(
                try KeyringEntry.parse(entry, sequence: sequence, header: header, path: path, offset: UInt64(offset))
            )
        }
        tornBytes = file.count - KeyringHeader.bytes - wholeCount * KeyringEntry.bytes
    }

    /// Throws unless every whole entry from `start` on is blank or of an append that began at or before the blank one.
    private static func checkTail(
        _ file: UnsafeRawBufferPointer,
        from start: Int,
        appendSequenceMax: UInt64,
        path: String
    ) throws(KeyringError) {
        for offset in stride(from: start, through: file.count - KeyringEntry.bytes, by: KeyringEntry.bytes) {
            let entry = UnsafeRawBufferPointer(rebasing: file[offset..<offset + KeyringEntry.bytes])
            if KeyringEntry.isBlank(entry) { continue }
            guard KeyringEntry.isIntact(entry), KeyringEntry.appendSequence(of: entry) <= appendSequenceMax else {
                throw .damaged(
                    at: UInt64(start),
                    of: path,
                    field: "entry \(appendSequenceMax)",
                    expected: "a key, as later entries were synced after it",
                    found: "zeros"
                )
            }
        }
    }
}

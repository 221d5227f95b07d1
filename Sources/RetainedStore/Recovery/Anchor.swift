/// What is kept beside the keyring of how far the index has come: it notices that the whole store was put back to an
/// earlier state, which in itself is as good as any.
///
/// | offset | bytes | field |
/// |---|---|---|
/// | 0 | 8 | magic `LATCHAN` and a zero byte |
/// | 8 | 2 | format version, 1 |
/// | 10 | 2 | 1: the digest counts; 0: a checkpoint or a pass over the index was under way, which changes it |
/// | 12 | 4 | zero |
/// | 16 | 16 | set id |
/// | 32 | 16 | timeline |
/// | 48 | 8 | applied LSN |
/// | 56 | 16 | set digest |
/// | 72 | 16 | AES-CMAC(header key, bytes 0…71) |
/// | 88 | 4 | CRC-32C of bytes 0…87 |
struct Anchor: Equatable {
    private static let file = AuthenticatedFile(magic: 0x004E_4148_4354_414C, fieldBytes: 56)

    var setID: SetID
    var timeline: Timeline
    var appliedLSN: UInt64
    /// nil while chunks change it without an LSN.
    var digest: UInt128?

    init(setID: SetID, state: IndexState, hasDigest: Bool) {
        self.setID = setID
        timeline = state.timeline
        appliedLSN = state.appliedLSN
        digest = hasDigest ? state.digest : nil
    }

    private init(setID: SetID, timeline: Timeline, appliedLSN: UInt64, digest: UInt128?) {
        self.setID = setID
        self.timeline = timeline
        self.appliedLSN = appliedLSN
        self.digest = digest
    }

    /// Puts the anchor into its file, so that a crash leaves the old one or the new.
    func write(to path: String, key: SecretBytes) throws(EnvironmentError) {
        try Self.file.write(to: path, state: digest != nil, key: key) { fields in
            fields.storeLittleEndian(setID, at: 0)
            fields.storeLittleEndian(timeline, at: 16)
            fields.storeLittleEndian(appliedLSN, at: 32)
            fields.storeLittleEndian(digest ?? 0, at: 40)
        }
    }

    /// Reads the anchor at a path; nil if there is none.
    static func read(from path: String, key: SecretBytes) throws(StoreError) -> Anchor? {
        try file.read(from: path, key: key) { (hasDigest, fields) in
            Anchor(
                setID: fields.loadLittleEndian(at: 0),
                timeline: fields.loadLittleEndian(at: 16),
                appliedLSN: fields.loadLittleEndian(at: 32),
                digest: hasDigest ? fields.loadLittleEndian(at: 40) : nil
            )
        }
    }

    /// Compares the anchor with what an index says of itself.
    ///
    /// - Throws: `damaged` if the index is older, or of another history.
    func check(_ state: IndexState, path: String) throws(StoreError) {
        func rolledBack(_ field: String, _ expected: String, _ found: String, at offset: Int) -> StoreError {
            .damaged(path, at: offset, field, expected: expected, found: found)
        }
        if timeline != state.timeline {
            throw rolledBack(
                "timeline of the anchor",
                state.timeline.hexadecimal,
                timeline.hexadecimal,
                at: 32
            )
        }
        if appliedLSN > state.appliedLSN {
            throw rolledBack(
                "LSN of the anchor",
                "at most \(state.appliedLSN), where the index is: the store was put back to an earlier state",
                "\(appliedLSN)",
                at: 48
            )
        }
        if appliedLSN == state.appliedLSN, let digest, digest != state.digest {
            throw rolledBack("set digest of the anchor", state.digest.hexadecimal, digest.hexadecimal, at: 56)
        }
    }
}

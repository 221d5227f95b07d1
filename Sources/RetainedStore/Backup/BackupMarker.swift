/// The file `backup` of a directory that holds a copy of a store: how far the copy goes, and whether it is whole.
///
/// | offset | bytes | field |
/// |---|---|---|
/// | 0 | 8 | magic `LATCHBK` and a zero byte |
/// | 8 | 2 | format version, 1 |
/// | 10 | 2 | 1: whole; 0: being made, and not to be opened |
/// | 12 | 4 | zero |
/// | 16 | 16 | set id |
/// | 32 | 16 | timeline of the store that was copied |
/// | 48 | 8 | last LSN that the copy has, once it is whole |
/// | 56 | 16 | keyring id when the copy was begun |
/// | 72 | 8 | when it was made, seconds since 1970 |
/// | 80 | 16 | AES-CMAC(header key, bytes 0…79) |
/// | 96 | 4 | CRC-32C of bytes 0…95 |
struct BackupMarker: Equatable {
    static let name = "backup"
    private static let file = AuthenticatedFile(magic: 0x004B_4248_4354_414C, fieldBytes: 64)

    var isWhole: Bool
    var setID: SetID
    var timeline: Timeline
    var lastLSN: UInt64
    var keyringID: UInt128
    var timeSeconds: UInt64

    /// Puts the marker into a directory, so that a crash leaves the old one or the new.
    func write(into directory: String, keys: DerivedKeys) throws(EnvironmentError) {
        try Self.file.write(to: directory + "/" + Self.name, state: isWhole, key: keys.header) { fields in
            fields.storeLittleEndian(setID, at: 0)
            fields.storeLittleEndian(timeline, at: 16)
            fields.storeLittleEndian(lastLSN, at: 32)
            fields.storeLittleEndian(keyringID, at: 40)
            fields.storeLittleEndian(timeSeconds, at: 56)
        }
    }

    /// Reads a directory's marker; nil if it has none, as a store that was opened has none.
    ///
    /// - Parameter keys: nil without the key: then the MAC is taken at its word.
    static func read(from directory: String, keys: DerivedKeys?) throws(StoreError) -> BackupMarker? {
        try file.read(from: directory + "/" + name, key: keys?.header) { (isWhole, fields) in
            BackupMarker(
                isWhole: isWhole,
                setID: fields.loadLittleEndian(at: 0),
                timeline: fields.loadLittleEndian(at: 16),
                lastLSN: fields.loadLittleEndian(at: 32),
                keyringID: fields.loadLittleEndian(at: 40),
                timeSeconds: fields.loadLittleEndian(at: 56)
            )
        }
    }

    /// Takes the marker away: the copy is a store from here on.
    static func remove(from directory: String) throws(EnvironmentError) {
        let disk = PosixDisk()
        try disk.remove(directory + "/" + name)
        try disk.syncDirectory(directory)
    }
}

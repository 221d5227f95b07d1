/// The file `salvage` of a store whose salvaged index is whole and has yet to be put in its place.
///
/// | offset | bytes | field |
/// |---|---|---|
/// | 0 | 8 | magic `LATCHSV` and a zero byte |
/// | 8 | 2 | format version, 1 |
/// | 10 | 2 | 1 |
/// | 12 | 4 | zero |
/// | 16 | 16 | set id |
/// | 32 | 16 | timeline |
/// | 48 | 8 | last LSN that the salvaged index covers |
/// | 56 | 16 | AES-CMAC(header key, bytes 0…55) |
/// | 72 | 4 | CRC-32C of bytes 0…71 |
struct SalvageMarker: Equatable {
    private static let name = "salvage"
    private static let file = AuthenticatedFile(magic: 0x0056_5348_4354_414C, fieldBytes: 40)

    var setID: SetID
    var timeline: Timeline
    var lastLSN: UInt64

    static func path(_ location: StoreLocation) -> String { location.directory + "/" + name }

    /// Puts the marker into the store: from here on the salvaged store is in force.
    func write(_ location: StoreLocation, keys: DerivedKeys) throws(EnvironmentError) {
        try Self.file.write(to: Self.path(location), state: true, key: keys.header) { fields in
            fields.storeLittleEndian(setID, at: 0)
            fields.storeLittleEndian(timeline, at: 16)
            fields.storeLittleEndian(lastLSN, at: 32)
        }
    }

    /// Reads a store's marker; nil if it has none.
    static func read(_ location: StoreLocation, keys: DerivedKeys) throws(StoreError) -> SalvageMarker? {
        try file.read(from: path(location), key: keys.header) { (_, fields) in
            SalvageMarker(
                setID: fields.loadLittleEndian(at: 0),
                timeline: fields.loadLittleEndian(at: 16),
                lastLSN: fields.loadLittleEndian(at: 32)
            )
        }
    }

    static func remove(_ location: StoreLocation) throws(EnvironmentError) {
        let disk = PosixDisk()
        try disk.remove(path(location))
        try disk.syncDirectory(location.directory)
    }
}

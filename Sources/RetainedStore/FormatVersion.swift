/// The version of the store's format that this code reads and writes (Format.md).
enum FormatVersion {
    static let current: UInt16 = 1
}

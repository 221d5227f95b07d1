/// What a disk does wrong at one operation.
package enum DiskFault: Sendable, Equatable {
    /// The operation is refused, and so is every later one.
    case error(Int32)
    /// Part of a write arrives, then everything is refused.
    case shortWrite(Int32)
    /// There is no room for new segments and index pages until `SimulatedDisk.giveSpace` is called.
    case outOfSpace
    /// A bit of what is written changes on its way to the medium.
    case flippedBit
    /// A sector of what is written becomes zero on the medium.
    case zeroedSector
    /// What is written arrives in another place of the file.
    case misdirectedWrite

    /// Whether the disk lies about it: nobody is told, and acknowledged messages may be gone.
    package var isSilent: Bool {
        switch self {
        case .error, .shortWrite, .outOfSpace: false
        case .flippedBit, .zeroedSector, .misdirectedWrite: true
        }
    }
}

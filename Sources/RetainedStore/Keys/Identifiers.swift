/// A store's random name, drawn when it is created; a copy of the store keeps it.
typealias SetID = UInt128

/// A random number that tells histories apart which parted when a backup was opened.
typealias Timeline = UInt128

/// A data key's random name.
typealias DataKeyID = UInt128

/// token(0) of a blind topic: what stands for the first level, and so for the namespace, in the store.
typealias NamespaceToken = UInt128

extension UInt128 {
    /// The 16 bytes as they stand on disk, in hexadecimal.
    var hexadecimal: String {
        withUnsafeBytes(of: littleEndian) { Hexadecimal.encode($0) }
    }
}

extension UInt32 {
    /// A checksum as it is quoted in errors.
    var hexadecimal: String { "0x" + String(self, radix: 16) }
}

/// Tells which master key a key slot wants, without helping to guess it: 8 bytes derived from the key.
struct KeyFingerprint: Hashable, Sendable {
    /// The bytes as they stand on disk, as a little-endian number.
    let value: UInt64

    init(value: UInt64) {
        self.value = value
    }

    /// The fingerprint of a 256-bit master key.
    init(ofKey key: SecretBytes) throws(EnvironmentError) {
        let derived = try SecretBytes(derivedFrom: key, label: "latch v1 fingerprint", salt: nil, count: 8)
        self.value = derived.withUnsafeBytes { $0.loadLittleEndian(at: 0) }
    }
}

extension KeyFingerprint: CustomStringConvertible {
    var description: String {
        withUnsafeBytes(of: value.littleEndian) { Hexadecimal.encode($0) }
    }
}

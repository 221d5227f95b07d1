internal import CLibcrypto

/// scrypt (RFC 7914): turns a passphrase into a key at a price that a guesser pays too.
struct Scrypt: Equatable, Sendable {
    /// The binary logarithm of the cost N.
    var costLog2: UInt8
    /// The block size r.
    var blockSize: UInt16
    /// The parallelisation p.
    var parallelization: UInt16

    /// What new passphrase slots use: 64 MiB and about a fifth of a second.
    static let standard = Scrypt(costLog2: 16, blockSize: 8, parallelization: 1)

    /// Whether the parameters, read from a file that nothing has authenticated yet, are within what is worth trying.
    var isWithinLimits: Bool {
        (1...KeyLimits.scryptCostLog2Max).contains(costLog2)
            && (1...KeyLimits.scryptBlockSizeMax).contains(blockSize)
            && (1...KeyLimits.scryptParallelizationMax).contains(parallelization)
            && memoryBytes <= KeyLimits.scryptMemoryBytesMax
    }

    /// What the large array takes: 128 · r · N.
    private var memoryBytes: UInt64 { 128 * UInt64(blockSize) << UInt64(costLog2) }

    /// Derives `output.count` bytes.
    ///
    /// - Precondition: ``isWithinLimits``.
    func derive(
        from passphrase: UnsafeRawBufferPointer,
        salt: UnsafeRawBufferPointer,
        into output: UnsafeMutableRawBufferPointer
    ) throws(EnvironmentError) {
        precondition(isWithinLimits, "scrypt parameters beyond the limits")
        // libcrypto counts 32·r·(N + p + 2)·4 bytes; a quarter more and a megabyte is room enough for every p.
        let memoryMax = memoryBytes + memoryBytes / 4 + 1 << 20
        let result = EVP_PBE_scrypt(
            passphrase.baseAddress?.assumingMemoryBound(to: CChar.self),
            passphrase.count,
            salt.baseAddress?.assumingMemoryBound(to: UInt8.self),
            salt.count,
            1 << UInt64(costLog2),
            UInt64(blockSize),
            UInt64(parallelization),
            memoryMax,
            output.baseAddress?.assumingMemoryBound(to: UInt8.self),
            output.count
        )
        guard result == 1 else { throw .libcrypto("EVP_PBE_scrypt") }
    }

    /// The 256-bit key that a passphrase makes with a slot's salt.
    func key(from passphrase: SecretBytes, salt: UInt128) throws(EnvironmentError) -> SecretBytes {
        try SecretBytes(count: AESGCM.keyBytes) { key throws(EnvironmentError) in
            try passphrase.withUnsafeBytes { passphrase throws(EnvironmentError) in
                try withUnsafeBytes(of: salt.littleEndian) { salt throws(EnvironmentError) in
                    try derive(from: passphrase, salt: salt, into: key)
                }
            }
        }
    }
}

import FoundationEssentials

/// What `gocryptfs.conf` says: how the master key is wrapped, and which features the directory uses.
///
/// Source: gocryptfs(1), and the files that gocryptfs 2.3 writes.
public struct GocryptfsConfiguration: Sendable {
    /// scrypt's parameters, within limits: the file is not authenticated, and a hostile one must not cost all memory.
    struct Scrypt: Decodable {
        let salt: Data
        let cost: UInt64
        let blockSize: UInt32
        let parallelization: UInt32
        let keyBytes: Int

        enum CodingKeys: String, CodingKey {
            case salt = "Salt"
            case cost = "N"
            case blockSize = "R"
            case parallelization = "P"
            case keyBytes = "KeyLen"
        }

        /// 1 GiB; gocryptfs's own default takes 64 MiB.
        static let memoryBytesMax: UInt64 = 1 << 30

        var isWithinLimits: Bool {
            cost > 1 && cost <= 1 << 28 && cost & (cost - 1) == 0 && (1...64).contains(blockSize)
                && (1...16).contains(parallelization) && 128 * cost * UInt64(blockSize) <= Self.memoryBytesMax
                && keyBytes == 32
        }
    }

    private struct File: Decodable {
        let encryptedKey: Data
        let scrypt: Scrypt
        let version: Int
        let featureFlags: [String]

        enum CodingKeys: String, CodingKey {
            case encryptedKey = "EncryptedKey"
            case scrypt = "ScryptObject"
            case version = "Version"
            case featureFlags = "FeatureFlags"
        }
    }

    /// What file contents depend on; names are not read, so that how they are encrypted does not matter.
    private static let required: Set = ["HKDF", "GCMIV128"]
    private static let harmless: Set = ["DirIV", "EMENames", "LongNames", "LongNameMax", "Raw64", "PlaintextNames"]

    let encryptedKey: [UInt8]
    let scrypt: Scrypt

    /// Parses the file.
    ///
    /// - Throws: ``GocryptfsError`` for what is malformed or uses other ciphers than AES-256-GCM with HKDF.
    public init(json: [UInt8]) throws(GocryptfsError) {
        let file: File
        do {
            file = try JSONDecoder().decode(File.self, from: Data(json))
        } catch {
            throw .configuration("it is not the JSON that gocryptfs writes")
        }
        guard file.version == 2 else { throw .unsupported("version \(file.version) of its format") }
        if let unknown = file.featureFlags.first(where: { !Self.required.union(Self.harmless).contains($0) }) {
            throw .unsupported("the feature \(unknown)")
        }
        if let missing = Self.required.subtracting(file.featureFlags).min() {
            throw .unsupported("a format older than gocryptfs 1.3 (without \(missing))")
        }
        guard file.scrypt.isWithinLimits else { throw .configuration("its scrypt parameters are out of range") }
        encryptedKey = Array(file.encryptedKey)
        scrypt = file.scrypt
    }
}

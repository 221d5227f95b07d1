internal import CLibcrypto

/// Shows that a process has a key to a store that another process has open, without saying the key.
///
/// Who has the store open draws a challenge, once for each question, and checks the answer; who asks answers with the
/// master key and the store's header. No data is read and nothing is locked.
extension RetainedStore {
    /// Bytes of a challenge.
    public static let challengeBytes = 32

    /// A challenge that was never given before.
    ///
    /// - Throws: `environment` where the machine has no random numbers.
    public static func makeChallenge() throws(StoreError) -> [UInt8] {
        var challenge = [UInt8](repeating: 0, count: challengeBytes)
        var span = challenge.mutableSpan
        try span.withUnsafeMutableBytes { (bytes) throws(StoreError) in
            try StoreError.whileReading { () throws(EnvironmentError) in try SecureRandom.fill(bytes) }
        }
        return challenge
    }

    /// The answer to a challenge, for who has a master key.
    ///
    /// - Returns: 16 bytes.
    /// - Throws: `header`: a wrong key, or the header is damaged; `missing`, `environment`.
    public static func proof(
        for challenge: [UInt8],
        at location: StoreLocation,
        masterKey: MasterKey
    ) throws(StoreError) -> [UInt8] {
        guard exists(at: location) else { throw .missing(directory: location.directory) }
        do throws(StoreHeaderError) {
            let header = try StoreHeader.read(from: location.headerPath)
            let (_, keys) = try header.open(with: masterKey, path: location.headerPath)
            return try StoreHeaderError.mapping { () throws(EnvironmentError) in try keys.proof(for: challenge) }
        } catch {
            throw StoreError(error, directory: location.directory)
        }
    }

    /// Whether an answer came from somebody who has a key to this store. A challenge is asked once only.
    public func isProof(_ answer: [UInt8], for challenge: [UInt8]) throws(StoreError) -> Bool {
        let expected = try StoreError.whileReading { () throws(EnvironmentError) in try keys.proof(for: challenge) }
        return answer.count == expected.count && CRYPTO_memcmp(answer, expected, expected.count) == 0
    }
}

extension DerivedKeys {
    fileprivate func proof(for challenge: [UInt8]) throws(EnvironmentError) -> [UInt8] {
        var mac = try AESCMAC(key: proof)
        let tag = challenge.withUnsafeBytes { mac.tag(of: $0) }
        return withUnsafeBytes(of: tag.littleEndian) { Array($0) }
    }
}

/// The users of a password file with their hashes.
///
/// Every check does the same work, whether or not its user exists, so that its time does not tell which names do: one hash of every scheme
/// that the file holds, the user's own among them if there is one. A file that mixes more than ``PasswordLimits/levelledSchemesMax``
/// schemes and costs is levelled for the costliest of them only.
public struct PasswordTable: Sendable {
    private let hashes: [[UInt8]: PasswordHash]
    /// What is computed in vain, one for each scheme, the costliest first.
    let decoys: [PasswordHash]

    /// - Parameter users: each name once; of a name that stands twice the last hash counts.
    public init(_ users: [(name: [UInt8], hash: PasswordHash)]) {
        hashes = Dictionary(users.map { ($0.name, $0.hash) }) { _, last in last }
        var examples: [PasswordHash.Scheme: PasswordHash] = [:]
        for hash in hashes.values { examples[hash.scheme] = hash }
        let costliest = examples.values.sorted { $0.scheme.cost > $1.scheme.cost }
            .prefix(PasswordLimits.levelledSchemesMax)
        decoys = (costliest.isEmpty ? [Self.example] : Array(costliest)).map { hash in
            let digest = [UInt8](repeating: 0, count: hash.digest.count)
            return PasswordHash(scheme: hash.scheme, salt: hash.salt, digest: digest)
        }
    }

    /// What an empty file is levelled with.
    private static let example = PasswordHash(
        scheme: .pbkdf2(iterations: 1000),
        salt: [0],
        digest: [UInt8](repeating: 0, count: PasswordHash.digestBytes)
    )

    /// How many users there are.
    public var count: Int { hashes.count }

    /// Whether a user exists and has this password.
    ///
    /// It takes as long as the hash is made to take, up to a second: call it where waiting is allowed.
    ///
    /// - Parameters:
    ///   - user: the user name as the client sent it.
    ///   - password: the password as the client sent it; `nil` if it sent none, which matches nothing.
    public func verify(user: [UInt8], password: UnsafeRawBufferPointer?) -> Bool {
        let hash = hashes[user]
        let bytes = password ?? UnsafeRawBufferPointer(start: nil, count: 0)
        var isMatch = false
        var isChecked = hash == nil
        for decoy in decoys {
            if let hash, !isChecked, hash.scheme == decoy.scheme {
                isMatch = hash.matches(bytes)
                isChecked = true
            } else {
                _ = decoy.matches(bytes)
            }
        }
        if let hash, !isChecked { isMatch = hash.matches(bytes) }
        return isMatch && password != nil
    }
}

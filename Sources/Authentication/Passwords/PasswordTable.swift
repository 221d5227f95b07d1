/// The users of a password file with their hashes.
///
/// A check of an unknown user costs as much as one of a known user, so that its time does not tell which names exist.
/// Where a file mixes hashes of different cost, the unknown cost as much as the costliest.
public struct PasswordTable: Sendable {
    private let hashes: [[UInt8]: PasswordHash]
    /// What unknown users are checked against, in vain.
    let decoy: PasswordHash

    /// - Parameter users: each name once; of a name that stands twice the last hash counts.
    public init(_ users: [(name: [UInt8], hash: PasswordHash)]) {
        self.hashes = Dictionary(users.map { ($0.name, $0.hash) }) { _, last in last }
        let costliest = hashes.values.max { $0.scheme.cost < $1.scheme.cost }
        self.decoy = PasswordHash(
            scheme: costliest?.scheme ?? .pbkdf2(iterations: 1000),
            salt: costliest?.salt ?? [0],
            digest: [UInt8](repeating: 0, count: PasswordHash.digestBytes)
        )
    }

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
        let isMatch = (hash ?? decoy).matches(password ?? UnsafeRawBufferPointer(start: nil, count: 0))
        return isMatch && hash != nil && password != nil
    }
}

extension PasswordHash {
    /// The text behind the colon of a line in a password file; ``init(parsing:)`` reads it.
    ///
    /// It is a secret where passwords are weak, and so is no description.
    public var text: String {
        switch scheme {
        case .sha512:
            "$6$\(Base64.encoded(salt))$\(Base64.encoded(digest))"
        case .pbkdf2(let iterations):
            "$7$\(iterations)$\(Base64.encoded(salt))$\(Base64.encoded(digest))"
        case .argon2id(let cost):
            "$argon2id$v=19$m=\(cost.memoryKiB),t=\(cost.passes),p=\(cost.lanes)"
                + "$\(Base64.encoded(salt, isPadded: false))$\(Base64.encoded(digest, isPadded: false))"
        }
    }
}

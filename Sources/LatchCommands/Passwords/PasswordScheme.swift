import ArgumentParser
import Authentication

/// How `latch passwd` hashes, by the names that mosquitto_passwd has for it (`-H`).
enum PasswordScheme: String, ExpressibleByArgument, CaseIterable {
    case argon2id
    case pbkdf2 = "sha512-pbkdf2"
    case sha512

    /// The scheme with its cost.
    ///
    /// - Parameter iterations: `-I`, for PBKDF2 only; mosquitto's default is 1,000.
    func scheme(iterations: Int?) -> PasswordHash.Scheme {
        switch self {
        case .argon2id: .argon2id(.standard)
        case .pbkdf2: .pbkdf2(iterations: iterations ?? 1000)
        case .sha512: .sha512
        }
    }
}

import FoundationEssentials
import JWTKit

/// A public key that can check signatures of its one algorithm.
struct SigningKey: Sendable {
    let algorithm: SigningAlgorithm
    private let key: any JWTAlgorithm

    /// - Returns: `nil` for a key that is not to be used: of another kind, damaged, or too weak.
    init?(_ description: KeyDescription) {
        guard let algorithm = description.signingAlgorithm, let publicKey = description.publicKey(algorithm) else {
            return nil
        }
        // jwt-kit makes keys in an actor; making one is computation all the same, so nobody has to wait for another thread.
        let made = ImmediateExecutor.value {
            try? await JWTKeyCollection().add(jwk: publicKey).getKey(for: publicKey.keyIdentifier)
        }
        guard let key = made ?? nil, key.name == algorithm.rawValue else { return nil }
        self.algorithm = algorithm
        self.key = key
    }

    /// Whether a signature is of this key.
    func hasSigned(_ bytes: ArraySlice<UInt8>, _ signature: [UInt8]) -> Bool {
        (try? key.verify(signature, signs: bytes)) ?? false
    }
}

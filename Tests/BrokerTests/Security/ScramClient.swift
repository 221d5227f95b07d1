import BrokerTesting
import Crypto
import Foundation

/// The client's side of SCRAM-SHA-256 (RFC 5802), by another library than the broker's.
struct ScramClient {
    let user: String
    let nonce: String

    /// The final message to a challenge `r=…,s=…,i=…`.
    func final(_ challenge: String, password: String) throws -> String {
        let parts = challenge.split(separator: ",").map { String($0.dropFirst(2)) }
        guard parts.count == 3, let salt = Data(base64Encoded: parts[1]), let iterations = Int(parts[2]) else {
            throw ClientFailure.unexpected(challenge)
        }
        let salted = SymmetricKey(data: Self.salted(password, Array(salt), iterations))
        let clientKey = Array(HMAC<SHA256>.authenticationCode(for: Data("Client Key".utf8), using: salted))
        let storedKey = SymmetricKey(data: Array(SHA256.hash(data: clientKey)))
        let withoutProof = "c=biws,r=\(parts[0])"
        let transcript = "n=\(user),r=\(nonce),\(challenge),\(withoutProof)"
        let signature = Array(HMAC<SHA256>.authenticationCode(for: Data(transcript.utf8), using: storedKey))
        let proof = zip(clientKey, signature).map { $0 ^ $1 }
        return "\(withoutProof),p=\(Data(proof).base64EncodedString())"
    }

    /// PBKDF2 with one block (RFC 8018 §5.2).
    private static func salted(_ password: String, _ salt: [UInt8], _ iterations: Int) -> [UInt8] {
        let key = SymmetricKey(data: Data(password.utf8))
        var block = Array(HMAC<SHA256>.authenticationCode(for: salt + [0, 0, 0, 1], using: key))
        var result = block
        for _ in 1..<iterations {
            block = Array(HMAC<SHA256>.authenticationCode(for: block, using: key))
            for index in result.indices { result[index] ^= block[index] }
        }
        return result
    }
}

import CLibcrypto

/// One client on its way through SCRAM-SHA-256: two messages of each side (RFC 5802 §5).
struct ScramExchange: AuthenticationExchange {
    private enum State {
        /// → `challenged` by the client's first message, → `ended` by anything else.
        case begun
        /// The salt is out. → `ended` by the client's final message, right or wrong.
        case challenged(Challenge)
        case ended
    }

    private struct Challenge {
        let user: [UInt8]
        let credential: ScramCredential
        /// The client's nonce with ours behind it.
        let nonce: [UInt8]
        /// `c=` of the final message: the client's GS2 header.
        let channel: [UInt8]
        /// The client's first message without its header, a comma, and our answer.
        let transcript: [UInt8]
    }

    private let method: ScramSHA256
    private let nonce: [UInt8]
    private var state = State.begun

    /// - Parameter nonce: Ours, printable and without a comma; never used before.
    init(method: ScramSHA256, nonce: [UInt8]) {
        self.method = method
        self.nonce = nonce
    }

    mutating func received(_ data: [UInt8]) -> AuthenticationStep {
        switch state {
        case .begun:
            guard let challenge = first(data) else { return end() }
            state = .challenged(challenge.state)
            return .challenge(challenge.message)
        case .challenged(let challenge):
            state = .ended
            return final(data, challenge)
        case .ended:
            return .refused
        }
    }

    private mutating func end() -> AuthenticationStep {
        state = .ended
        return .refused
    }

    /// `n,,n=USER,r=NONCE`: no channel binding, and no other identity than the user's.
    private func first(_ data: [UInt8]) -> (state: Challenge, message: [UInt8])? {
        let parts = data.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        // `y`: the client could bind the channel and believes that we cannot, which is so. `p=…` we cannot.
        guard parts.count >= 4, parts[0].elementsEqual("n".utf8) || parts[0].elementsEqual("y".utf8), parts[1].isEmpty,
            let user = Self.value("n", of: parts[2]).flatMap(Self.name), let theirs = Self.value("r", of: parts[3]),
            !user.isEmpty, !theirs.isEmpty, theirs.allSatisfy({ (0x21...0x7E).contains($0) })
        else { return nil }
        let credential = method.credential(of: user)
        let nonce = theirs + nonce
        var message = Array("r=".utf8) + nonce + Array(",s=".utf8)
        message += ScramCredential.base64(credential.salt) + Array(",i=\(credential.iterations)".utf8)
        let header = data[..<(parts[2].startIndex)]
        let bare = data[parts[2].startIndex...]
        return (
            Challenge(
                user: user,
                credential: credential,
                nonce: nonce,
                channel: ScramCredential.base64(Array(header)),
                transcript: bare + [UInt8(ascii: ",")] + message
            ),
            message
        )
    }

    /// `c=CHANNEL,r=NONCE,p=PROOF`
    private func final(_ data: [UInt8], _ challenge: Challenge) -> AuthenticationStep {
        let parts = data.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        guard parts.count >= 3, let last = parts.last,
            Self.value("c", of: parts[0]) == challenge.channel,
            Self.value("r", of: parts[1]) == challenge.nonce,
            let proof = Self.value("p", of: last).flatMap({ Base64.decoded($0) }), proof.count == 32
        else { return .refused }
        let withoutProof = data[..<(last.startIndex - 1)]
        let transcript = challenge.transcript + [UInt8(ascii: ",")] + withoutProof
        let signature = ScramCredential.hmac(key: challenge.credential.storedKey, transcript)
        let clientKey = zip(proof, signature).map { $0 ^ $1 }
        let storedKey = ScramCredential.sha256(clientKey)
        guard CRYPTO_memcmp(storedKey, challenge.credential.storedKey, storedKey.count) == 0 else { return .refused }
        let verifier = ScramCredential.hmac(key: challenge.credential.serverKey, transcript)
        return .accepted(userName: challenge.user, data: Array("v=".utf8) + ScramCredential.base64(verifier))
    }

    /// The value of an attribute, `k=value`.
    private static func value(_ key: Character, of part: ArraySlice<UInt8>) -> [UInt8]? {
        guard part.count >= 2, part.first == key.asciiValue, part.dropFirst().first == UInt8(ascii: "=") else {
            return nil
        }
        return Array(part.dropFirst(2))
    }

    /// A user name with `=2C` and `=3D` taken back (RFC 5802 §5.1).
    private static func name(_ text: [UInt8]) -> [UInt8]? {
        var name: [UInt8] = []
        var rest = text[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "=") else {
                name.append(byte)
                continue
            }
            if rest.prefix(2).elementsEqual("2C".utf8) {
                name.append(UInt8(ascii: ","))
            } else if rest.prefix(2).elementsEqual("3D".utf8) {
                name.append(UInt8(ascii: "="))
            } else {
                return nil
            }
            rest = rest.dropFirst(2)
        }
        return name
    }
}

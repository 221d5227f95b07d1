import Authentication

/// Why an issuer's keys could not be had.
enum KeySetFetchError: Error, CustomStringConvertible {
    /// Another status than 200; a redirection is not followed.
    case status(UInt)
    case tooLarge
    case keySet(WebTokenError)
    case transport(String)

    var description: String {
        switch self {
        case .status(let status): "the issuer answers with status \(status)"
        case .tooLarge: "the answer is larger than \(TokenLimits.keySetBytesMax >> 10) KiB"
        case .keySet(.noUsableKey): "the answer holds no key that can be used"
        case .keySet: "the answer is no JWK Set"
        case .transport(let problem): "the issuer cannot be reached (\(problem.prefix(200)))"
        }
    }
}

/// What proves that a client is the user that it says.
enum LoginProof: String, Sendable {
    /// It gave no name.
    case anonymous
    /// Nothing: the name is the client's own word.
    case claimed
    case password
    case certificate
    /// A signed token, or one out of a file.
    case token
    /// An exchange of enhanced authentication.
    case exchange
}

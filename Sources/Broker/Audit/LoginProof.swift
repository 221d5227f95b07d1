/// What proves that a client is the user that it says.
enum LoginProof: String, Sendable {
    /// It gave no name.
    case anonymous
    /// Nothing: the name is the client's own word.
    case claimed
    case password
    case certificate
    /// An exchange of enhanced authentication.
    case exchange
}

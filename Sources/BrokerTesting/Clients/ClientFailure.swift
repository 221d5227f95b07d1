/// Why a test's client did not get what it waited for.
public enum ClientFailure: Error {
    /// Nothing came for as long as a client waits.
    case timedOut
    /// The broker ended the connection.
    case closed
    /// Something else came.
    case unexpected(String)
}

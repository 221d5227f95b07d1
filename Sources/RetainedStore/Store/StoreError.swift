/// Why a store cannot do what it was asked to.
public enum StoreError: Error, Equatable, Sendable {
    /// Another process, or this one, has the store open.
    case busy(directory: String)
    /// There is no store there.
    case missing(directory: String)
    /// There is a store there already.
    case exists(directory: String)
    /// The header does not open: a wrong key, another format, no store's header at all. What is damage or the machine's
    /// refusal comes as `damaged` and `environment`.
    case header(StoreHeaderError)
    /// The keyring does not open: missing, another store's, another format.
    case keyring(KeyringError)
    /// The directory holds a backup that is not whole; making it again goes on with it.
    case unfinishedBackup(directory: String)
    /// A backup was to go into a directory that holds something else.
    case notABackup(directory: String)
    /// A file says something that this version does not know: refused, because guessing may destroy.
    case unsupported(file: String, what: String)
    /// Bytes that this format can not have written there.
    case damaged(Damage)
    /// Space for retained messages ran out. Nothing was lost; the store recovers by itself when there is space again
    /// (design, D3).
    case full(StoreSpace)
    /// A write, a sync or a commit failed while the store ran. What was acknowledged stays acknowledged, nothing more
    /// is (design, D2): the store must be opened again.
    case failed(EnvironmentError)
    /// The machine refused something while nothing was being written yet.
    case environment(EnvironmentError)
    /// The store was closed.
    case closed
}

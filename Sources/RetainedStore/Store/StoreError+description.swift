extension StoreError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .busy(let directory): "the store \(directory) is in use by another process"
        case .missing(let directory): "there is no store in \(directory)"
        case .exists(let directory): "there is a store in \(directory) already"
        case .header(let error): "\(error)"
        case .keyring(let error): "\(error)"
        case .unfinishedBackup(let directory):
            "the backup in \(directory) is not whole: it was interrupted; make it again, which goes on with it"
        case .notABackup(let directory):
            "\(directory) holds something that is no backup of this store: give the backup a directory of its own"
        case .unsupported(let file, let what): "\(file): \(what) is not known to this version"
        case .damaged(let damage): "\(damage)"
        case .full(.journal): "no space for the journal: retained messages are refused until there is"
        case .full(.index): "no space for the index: retained messages are refused until there is"
        case .full(.keyring):
            "no space for the keyring: retained messages of namespaces without a data key are refused until there is"
        case .failed(let cause): "the store has failed and must be opened again: \(cause)"
        case .environment(let cause): "\(cause)"
        case .closed: "the store is closed"
        }
    }
}

import Broker
import RetainedStore

extension CommandFailure {
    /// What a store's error means for the process, with what to do.
    ///
    /// - Parameter key: where the key that was tried came from.
    init(_ error: StoreError, key: MasterKeySource?) {
        switch error {
        case .header(.wrongKey), .header(.wrongPassphrase):
            self.init(.key, "\(error); the key came from \(key?.name ?? "nowhere"); \(MasterKeySource.ways)")
        case .header(.slotExists), .header(.noSlot), .header(.onlySlot), .header(.noFreeSlot):
            self.init(.usage, "\(error); latch key show lists the slots")
        case .keyring(.missing), .keyring(.belongsToAnotherStore):
            self.init(
                .key,
                "\(error); it lies beside the master key, or in the store, unless keyring_location or --keyring says otherwise"
            )
        case .busy:
            self.init(.busyStore, "\(error); stop it first, or give this one another store")
        case .damaged, .header(.damaged), .header(.notAStore), .keyring(.damaged), .keyring(.notAKeyring):
            self.init(.damagedStore, "\(error); run latch verify on it, and restore a backup if you have one")
        case .unfinishedBackup:
            self.init(.damagedStore, "\(error)")
        case .notABackup:
            self.init(.usage, "\(error)")
        case .unsupported, .exists, .missing, .header, .keyring:
            self.init(.configuration, "\(error)")
        case .full, .failed, .environment, .closed:
            self.init(.inputOutput, "\(error)")
        }
    }

    /// What a broker's error means for the process.
    init(_ error: BrokerError) {
        switch error {
        case .storeFailed(let cause):
            self.init(cause, key: nil)
        case .addressInUse(let endpoint):
            self.init(
                .addressInUse,
                "\(endpoint.place) is in use by another process; stop it, or listen elsewhere with -p or listener"
            )
        case .listen(let endpoint, let cause):
            self.init(.inputOutput, "cannot listen on \(endpoint.place): \(cause)")
        }
    }
}

extension Listener.Endpoint {
    /// How a message names it.
    fileprivate var place: String {
        switch self {
        case .tcp(let host, let port): "\(host.map { "\($0) " } ?? "")port \(port)"
        case .unix(let path): path
        }
    }
}

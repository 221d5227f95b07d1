public import RetainedStore

/// Why a broker cannot start or had to stop.
public enum BrokerError: Error {
    /// A listener's address is in use by another process.
    case addressInUse(Listener.Endpoint)
    /// A listener's socket could not be opened.
    case listen(Listener.Endpoint, any Error)
    /// The store failed while the broker ran: nothing retained is acknowledged any more.
    case storeFailed(StoreError)
}

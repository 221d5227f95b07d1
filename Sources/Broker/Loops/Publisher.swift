import MQTTProtocol

/// Who publishes in a batch.
struct Publisher {
    /// What is kept with a retained message (`check_retain_source`).
    let origin: PublicationOrigin
    /// The publisher's own session, for no-local; `nil` for the broker itself.
    let session: SubscriberHandle?
    /// What that session is called in the store, if it outlives the broker: it remembers which messages of QoS 2 it has sent.
    var storedSession: UInt128?
    /// On whose account it adds to what is retained.
    var accounts = Accounts()
}

import MQTTProtocol

/// Who publishes in a batch.
struct Publisher {
    /// What is kept with a retained message (`check_retain_source`).
    let origin: PublicationOrigin
    /// The publisher's own session, for no-local; `nil` for the broker itself.
    let session: SubscriberHandle?
}

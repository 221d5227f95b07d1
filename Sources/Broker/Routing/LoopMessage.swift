import MQTTProtocol

/// What one event loop tells another about a session, through its mailbox.
enum LoopMessage: Sendable {
    /// The session's client connected on loop `to`: let go of the old connection and send the state there.
    case handOver(SubscriberHandle, to: Int, request: ClaimRequest)
    /// The session's state, for the connection that asked for it.
    case arrived(SessionTransfer, request: ClaimRequest)
    /// The session that was asked for had ended in the meantime: claim again.
    ///
    /// What the journal has up to the LSN says so, too; 0 where it said nothing of the session.
    case vanished(ClaimRequest, durableLSN: UInt64)
    /// A clean start of the same client took the session's place: end it.
    case discard(SubscriberHandle)
    /// A clean start of the same client waits on loop `notifying` until the session has ended, in the store, too.
    case discardStored(SubscriberHandle, notifying: Int, request: ClaimRequest)
}

/// Names the connection that waits for a session: it lives on one loop and is looked up there.
struct ClaimRequest: Sendable, Hashable {
    let number: UInt64
}

/// A session on its way between two loops.
struct SessionTransfer: @unchecked Sendable {
    // Exactly one loop holds the session: the sender forgets it under the router's lock in the same step that names the receiver.
    let session: LoopSession
}

import MQTTProtocol
import MQTTWire

/// A will on its way: its client is gone without a DISCONNECT.
struct PendingWill {
    let will: Will
    let publisher: Publisher
    /// The rights under which it is published.
    var access: IdentityAccess
    /// Monotonic milliseconds; a delay interval may put it off (MQTT 5.0 §3.1.3.2.2).
    var dueMilliseconds: UInt64
    /// Where it is written down, if its session outlives the broker.
    var stored: (session: StoredSession, will: StoredWill)?
}

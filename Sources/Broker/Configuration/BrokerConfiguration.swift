/// What a broker is told at its start; a mosquitto.conf is mapped onto it, and so may be any other source.
public struct BrokerConfiguration: Sendable {
    /// Where it listens; at least one.
    public var listeners: [Listener]
    /// Whether connections and disconnections are logged (`connection_messages`).
    public var areConnectionsLogged: Bool
    /// What one address may do at the door.
    public var addressLimits = AddressLimits()
    /// Event loops; 0 for one per core.
    public var eventLoopCount: Int

    public init(listeners: [Listener], areConnectionsLogged: Bool = true, eventLoopCount: Int = 0) {
        self.listeners = listeners
        self.areConnectionsLogged = areConnectionsLogged
        self.eventLoopCount = eventLoopCount
    }
}

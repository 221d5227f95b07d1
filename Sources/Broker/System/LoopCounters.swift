/// What one event loop has seen since the start: plain numbers on their loop, so that counting costs an addition.
struct LoopCounters: Sendable, Equatable {
    /// Connections accepted.
    var sockets = 0
    /// CONNECTs that were accepted.
    var connections = 0
    /// Sessions that ended because their client did not come back in time.
    var expiredSessions = 0
    var packetsReceived = 0
    var packetsSent = 0
    var bytesReceived = 0
    var bytesSent = 0
    var publishesReceived = 0
    var publishesSent = 0
    /// Messages that a client did not get because a queue was full, the client away, or its socket busy.
    var publishesDropped = 0
    var publishBytesReceived = 0
    var publishBytesSent = 0

    // What there is now.
    /// Clients that are connected.
    var connectedClients = 0
    /// Messages that are under way to clients or wait for them, and their payload bytes.
    var storedMessages = 0
    var storedBytes = 0

    static func += (left: inout LoopCounters, right: LoopCounters) {
        left.sockets += right.sockets
        left.connections += right.connections
        left.expiredSessions += right.expiredSessions
        left.packetsReceived += right.packetsReceived
        left.packetsSent += right.packetsSent
        left.bytesReceived += right.bytesReceived
        left.bytesSent += right.bytesSent
        left.publishesReceived += right.publishesReceived
        left.publishesSent += right.publishesSent
        left.publishesDropped += right.publishesDropped
        left.publishBytesReceived += right.publishBytesReceived
        left.publishBytesSent += right.publishBytesSent
        left.connectedClients += right.connectedClients
        left.storedMessages += right.storedMessages
        left.storedBytes += right.storedBytes
    }
}

import MQTTProtocol
import Mosquitto

extension ProtocolLimits {
    /// The limits that a mosquitto.conf sets for all its listeners; what it calls "none" is 0 here.
    init(_ file: MosquittoConfiguration) {
        self.init()
        packetBytesMax = file.packetBytesMax
        payloadBytesMax = file.payloadBytesMax ?? 0
        inflightCountMax = file.inflightMessagesMax.map { Int($0) } ?? 0
        if file.isInflightMessagesMaxGiven { inflightEarnedCountMax = inflightCountMax }
        inflightBytesMax = file.inflightBytesMax ?? 0
        isOutgoingQoSUpgraded = file.upgradesOutgoingQoS
        responseInformation = file.responseInformation ?? ""
        queuedCountMax = file.queuedMessagesMax ?? 0
        queuedBytesMax = file.queuedBytesMax ?? 0
        areQoS0MessagesQueued = file.queuesQoS0Messages
        isRetainAvailable = file.isRetainAvailable
        keepAliveSecondsMax = file.keepAliveSecondsMax ?? 0
        topicLevelsMax = file.topicLevelsMax ?? 0
        sessionExpirySecondsMax = file.sessionExpirySeconds.map { UInt32(clamping: $0) } ?? .max
    }

    /// These limits with what one listener sets for itself.
    func with(_ listener: MosquittoListener) -> ProtocolLimits {
        var limits = self
        limits.qosMax = listener.qosMax
        limits.topicAliasMax = listener.topicAliasMax
        limits.topicAliasBrokerMax = listener.topicAliasBrokerMax
        limits.acceptedVersions = listener.acceptedVersions
        limits.mountPoint = listener.mountPoint
        limits.isEmptyClientIDAllowed = listener.security.allowsEmptyClientID
        limits.assignedClientIDPrefix = listener.security.assignedClientIDPrefix
        return limits
    }
}

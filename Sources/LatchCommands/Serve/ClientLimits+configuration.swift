import Broker
import Mosquitto

extension AddressLimits {
    /// What a mosquitto.conf lets one address do.
    ///
    /// - Parameter isPublic: whether it is one that many clients have only if they share a connection to the internet. A private
    ///   one, or the machine's own, may be a proxy's, behind which everybody is.
    init(_ file: MosquittoConfiguration, isPublic: Bool) {
        func limit(_ limit: AddressLimit, publicly: Int) -> Int? {
            switch limit {
            case .stated(let stated): stated
            case .unstated: isPublic ? publicly : nil
            }
        }
        self.init()
        connectionsMax = limit(file.connectionsPerAddressMax, publicly: 5_000)
        connectionsPerSecond = limit(file.connectionsPerSecondMax, publicly: 500)
        failuresPerMinute = limit(file.failuresPerMinuteMax, publicly: 300)
        banSeconds = file.banSeconds
        clients.publishesPerSecond = file.publishesPerSecondOfAddressMax
        clients.publishBytesPerSecond = file.publishBytesPerSecondOfAddressMax
        clients.subscriptionsMax = limit(file.subscriptionsOfAddressMax, publicly: 5_000_000)
        clients.queuedBytesMax = limit(file.queuedBytesOfAddressMax, publicly: 1 << 30)
        clients.retained = RetainedLimits(file.retainedMessagesOfAddressMax, bytes: file.retainedBytesOfAddressMax)
    }
}

extension AccountLimits {
    /// What a mosquitto.conf lets one user do.
    init(_ settings: UserLimitSettings) {
        self.init()
        connectionsMax = settings.connectionsMax
        connectionsPerSecond = settings.connectionsPerSecondMax
        publishesPerSecond = settings.publishesPerSecondMax
        publishBytesPerSecond = settings.publishBytesPerSecondMax
        subscriptionsMax = settings.subscriptionsMax
        queuedBytesMax = settings.queuedBytesMax
        retained = RetainedLimits(settings.retainedMessagesMax, bytes: settings.retainedBytesMax)
    }
}

extension RetainedLimits {
    /// - Parameter bytes: 0 is no limit.
    init(_ count: Int?, bytes: Int) {
        self.init()
        countMax = count
        bytesMax = bytes == 0 ? nil : bytes
    }
}

import Broker
import Mosquitto

extension AddressLimits {
    /// What a mosquitto.conf lets one address do.
    init(_ file: MosquittoConfiguration) {
        self.init()
        connectionsMax = file.connectionsPerAddressMax
        connectionsPerSecond = file.connectionsPerSecondMax
        publishesPerSecond = file.publishesPerSecondOfAddressMax
        publishBytesPerSecond = file.publishBytesPerSecondOfAddressMax
        failuresPerMinute = file.failuresPerMinuteMax
        banSeconds = file.banSeconds
    }
}

extension UserLimits {
    /// What a mosquitto.conf lets one user do.
    init(_ settings: UserLimitSettings) {
        self.init()
        connectionsMax = settings.connectionsMax
        connectionsPerSecond = settings.connectionsPerSecondMax
        publishesPerSecond = settings.publishesPerSecondMax
        publishBytesPerSecond = settings.publishBytesPerSecondMax
        subscriptionsMax = settings.subscriptionsMax
        queuedBytesMax = settings.queuedBytesMax
    }
}

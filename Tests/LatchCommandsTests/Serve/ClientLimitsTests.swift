import Broker
import Testing

@testable import LatchCommands

/// How the directives that limit one address or one user reach the broker.
@Suite struct ClientLimitsTests {
    private func configuration(_ text: String) throws -> BrokerConfiguration {
        let settings = try ServeSettings(text: text)
        return try BrokerConfiguration(
            settings,
            SecurityFiles(subscribePolicy: settings.subscribePolicy, isRetainSourceChecked: true)
        )
    }

    @Test func everyLimitArrives() throws {
        let configuration = try configuration(
            """
            listener 1
            limit_connections_per_address 1
            limit_connection_rate 2
            ban_after_failures 3
            ban_seconds 4
            limit_publish_rate_per_address 5
            limit_publish_bytes_per_address 6
            limit_connections_per_user 7
            limit_connection_rate_per_user 8
            limit_publish_rate_per_user 9
            limit_publish_bytes_per_user 10
            limit_subscriptions_per_user 11
            limit_queued_bytes_per_user 16
            limit_subscriptions_per_address 17
            limit_queued_bytes_per_address 18
            limit_retained_messages_per_user 19
            limit_retained_bytes_per_user 6000000000
            limit_retained_messages_per_address 20
            limit_retained_bytes_per_address 7000000000
            limit_publish_seconds 12
            limit_connect_seconds 13
            limit_retained_messages 14
            limit_retained_bytes 5000000000

            """
        )
        var addresses = AddressLimits()
        addresses.connectionsMax = 1
        addresses.connectionsPerSecond = 2
        addresses.failuresPerMinute = 3
        addresses.banSeconds = 4
        addresses.clients.publishesPerSecond = 5
        addresses.clients.publishBytesPerSecond = 6
        addresses.clients.subscriptionsMax = 17
        addresses.clients.queuedBytesMax = 18
        addresses.clients.retained.countMax = 20
        addresses.clients.retained.bytesMax = 7_000_000_000
        #expect(configuration.addressLimits == addresses)
        #expect(configuration.publicAddressLimits == addresses)
        var users = AccountLimits()
        users.connectionsMax = 7
        users.connectionsPerSecond = 8
        users.publishesPerSecond = 9
        users.publishBytesPerSecond = 10
        users.subscriptionsMax = 11
        users.queuedBytesMax = 16
        users.retained.countMax = 19
        users.retained.bytesMax = 6_000_000_000
        #expect(configuration.userLimits == users)
        #expect(configuration.slowedSecondsMax == 12)
        #expect(configuration.retainedLimits.countMax == 14)
        #expect(configuration.retainedLimits.bytesMax == 5_000_000_000)
        #expect(configuration.listeners.map(\.connectTimeoutSeconds) == [13])
    }

    /// What would fill the memory, and strangers from the internet: behind a proxy that is not believed all have one address,
    /// and without user names they are one user.
    @Test func theDefaultsAreForStrangersAndForMemory() throws {
        let configuration = try configuration("listener 1\n")
        #expect(configuration.addressLimits == AddressLimits())
        var strangers = AddressLimits()
        strangers.connectionsMax = 5_000
        strangers.connectionsPerSecond = 500
        strangers.failuresPerMinute = 300
        strangers.clients.subscriptionsMax = 5_000_000
        strangers.clients.queuedBytesMax = 1_073_741_824
        #expect(configuration.publicAddressLimits == strangers)
        var users = AccountLimits()
        users.subscriptionsMax = 1_000_000
        users.queuedBytesMax = 268_435_456
        #expect(configuration.userLimits == users)
        #expect(configuration.slowedSecondsMax == 60)
        #expect(configuration.retainedLimits == RetainedLimits())
        #expect(configuration.listeners.map(\.connectTimeoutSeconds) == [30])
    }

    @Test func zeroIsNoLimit() throws {
        let configuration = try configuration(
            """
            listener 1
            limit_publish_seconds 0
            limit_publish_rate_per_user 0
            limit_connections_per_user -1
            limit_subscriptions_per_user 0
            limit_queued_bytes_per_user 0
            limit_connections_per_address 0
            limit_subscriptions_per_address 0
            limit_queued_bytes_per_address 0
            limit_retained_messages_per_user 0
            limit_retained_bytes_per_address 0
            limit_connection_rate 0
            ban_after_failures 0

            """
        )
        #expect(configuration.slowedSecondsMax == nil)
        #expect(configuration.publicAddressLimits == AddressLimits())
        #expect(configuration.userLimits == AccountLimits())
    }

    @Test(arguments: [
        "limit_retained_bytes -1", "limit_retained_bytes 1G", "limit_connect_seconds 0", "limit_topic_levels 0",
        "limit_topic_levels 201",
    ])
    func whatWouldLockEverybodyOutIsRefused(line: String) {
        #expect(throws: (any Error).self) { try ServeSettings(text: "listener 1\n\(line)\n") }
    }
}

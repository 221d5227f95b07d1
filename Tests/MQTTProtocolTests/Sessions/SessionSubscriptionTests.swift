import MQTTWire
import Testing

@testable import MQTTProtocol

@Suite("A session knows its subscriptions")
struct SessionSubscriptionTests {
    @Test("A second subscription to the same filter replaces the first and is not new [MQTT-3.8.4-3]")
    func replacing() {
        let session = SessionTranscript().session
        let first = subscribe(session, Subscription(filter: "a", maximumQoS: .atMostOnce, retainHandling: .ifNew))
        #expect(first == "q0 i0 retained")
        let second = subscribe(
            session,
            Subscription(filter: "a", maximumQoS: .exactlyOnce, retainHandling: .ifNew),
            identifier: 7
        )
        #expect(second == "q2 i7")
        #expect(session.subscriptions.count == 1)
        #expect(session.unsubscribe("a"))
        #expect(!session.unsubscribe("a"))
        #expect(subscribe(session, Subscription(filter: "a", maximumQoS: .atMostOnce, retainHandling: .ifNew)) == first)
    }

    @Test("The granted QoS is the lower of what is asked for and what is allowed")
    func grantedQoS() {
        let session = SessionTranscript().session
        let asked = Subscription(filter: "a", maximumQoS: .exactlyOnce)
        #expect(subscribe(session, asked, maximumQoS: .atLeastOnce) == "q1 i0 retained")
    }

    @Test("At its limit a session can replace subscriptions and not add any")
    func limit() {
        var limits = ProtocolLimits()
        limits.subscriptionCountMax = 1
        let session = SessionTranscript(limits).session
        #expect(subscribe(session, Subscription(filter: "a", maximumQoS: .atMostOnce)) == "q0 i0 retained")
        #expect(subscribe(session, Subscription(filter: "b", maximumQoS: .atMostOnce)) == "limit")
        #expect(subscribe(session, Subscription(filter: "a", maximumQoS: .atLeastOnce)) == "q1 i0 retained")
        #expect(session.unsubscribe("a"))
        #expect(subscribe(session, Subscription(filter: "b", maximumQoS: .atMostOnce)) == "q0 i0 retained")
    }

    private func subscribe(
        _ session: Session,
        _ subscription: Subscription,
        maximumQoS: QoS = .exactlyOnce,
        identifier: UInt32? = nil
    ) -> String {
        switch session.subscribe(subscription, maximumQoS: maximumQoS, identifier: identifier) {
        case .subscribe(let subscriber, let sendsRetained):
            "q\(subscriber.maximumQoS.rawValue) i\(subscriber.identifier)" + (sendsRetained ? " retained" : "")
        case .limitExceeded:
            "limit"
        }
    }
}

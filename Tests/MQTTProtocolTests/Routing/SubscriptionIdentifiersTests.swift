import Testing

@testable import MQTTProtocol

@Suite("Subscription identifiers of a delivery")
struct SubscriptionIdentifiersTests {
    @Test(
        "Each stands once, in the order in which it came; 0 is none",
        arguments: [
            ([], []), ([0], []), ([5], [5]), ([5, 5], [5]), ([5, 6], [5, 6]), ([0, 5, 0, 6, 5, 7, 6], [5, 6, 7]),
        ] as [([UInt32], [UInt32])]
    )
    func insertion(added: [UInt32], expected: [UInt32]) {
        var identifiers = SubscriptionIdentifiers()
        added.forEach { identifiers.insert($0) }
        #expect(identifiers.array == expected)
        #expect(identifiers.count == expected.count)
        #expect(identifiers.isEmpty == expected.isEmpty)
    }
}

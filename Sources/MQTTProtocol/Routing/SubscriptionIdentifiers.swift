/// The subscription identifiers that one delivery carries: mostly none, sometimes one, rarely several.
///
/// A message that matches several subscriptions of a session is sent once, with the identifiers of all of them
/// [MQTT-3.3.4-4], [MQTT-3.3.4-5]. Up to one identifier is held without allocation.
public struct SubscriptionIdentifiers: Hashable, Sendable {
    /// All identifiers, if there are at least two.
    private var several: [UInt32]?
    /// The only identifier, or 0. Not read where there are several.
    private var single: UInt32

    /// No identifier, or one.
    ///
    /// - Parameter identifier: 1…268,435,455, or 0 for none.
    public init(_ identifier: UInt32 = 0) {
        several = nil
        single = identifier
    }

    /// How many identifiers there are.
    public var count: Int { several?.count ?? (single == 0 ? 0 : 1) }

    /// Whether there is none.
    public var isEmpty: Bool { several == nil && single == 0 }

    /// Adds an identifier; 0 adds nothing, and neither does one that is there already.
    public mutating func insert(_ identifier: UInt32) {
        guard identifier != 0, identifier != single else { return }
        if several != nil {
            if several?.contains(identifier) == false { several?.append(identifier) }
        } else if single == 0 {
            single = identifier
        } else {
            several = [single, identifier]
        }
    }

    /// Calls `body` with all identifiers, in the order in which they were added.
    public func withUnsafeBufferPointer<Result>(
        _ body: (UnsafeBufferPointer<UInt32>) throws -> Result
    ) rethrows -> Result {
        if let several { return try several.withUnsafeBufferPointer(body) }
        if single == 0 { return try body(UnsafeBufferPointer(start: nil, count: 0)) }
        return try withUnsafePointer(to: single) { try body(UnsafeBufferPointer(start: $0, count: 1)) }
    }
}

extension SubscriptionIdentifiers {
    /// The identifiers as an array, where allocating does not matter.
    public var array: [UInt32] { withUnsafeBufferPointer(Array.init) }
}

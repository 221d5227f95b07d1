/// Makes the keys of session records: one per owner, never shared between threads.
final class SessionKeys {
    // One owner at a time is this class's contract; checking it anew for every record costs as much as the work.
    @exclusivity(unchecked) private var function: SipHash128
    /// session ‖ kind ‖ number.
    private let message: UnsafeMutableRawBufferPointer

    private static let messageBytes = 25

    init(_ keys: DerivedKeys) throws(EnvironmentError) {
        function = try SipHash128(key: keys.sessions)
        message = .allocate(byteCount: Self.messageBytes, alignment: 16)
    }

    deinit {
        message.deallocate()
    }

    /// Writes the key of a record, ``SessionKey/bytes`` long.
    ///
    /// - Parameters:
    ///   - parts: As ``SessionRecord/parts`` has them.
    ///   - key: At least ``BlindTopicKey/bytesMax`` bytes.
    func write(
        _ parts: MessageParts,
        session: UInt128,
        blinder: TopicBlinder,
        into key: UnsafeMutableRawBufferPointer
    ) {
        let kind = UInt8(truncatingIfNeeded: parts.listenerPort)
        if SessionRecordKind(rawValue: kind)?.isOfTopic == true {
            let end = parts.topic.firstIndex(of: UInt8(ascii: "/")) ?? parts.topic.count
            _ = blinder.blind(UnsafeRawBufferPointer(rebasing: parts.topic[..<end]), into: key)
        } else {
            key.storeLittleEndian(NamespaceToken(0), at: 1)
        }
        key[0] = SessionKey.classByte
        key.storeLittleEndian(session, at: SessionKey.sessionOffset)
        message.storeLittleEndian(session, at: 0)
        message.storeLittleEndian(kind, at: 16)
        message.storeLittleEndian(parts.publishTimeMilliseconds, at: 17)
        function.update(UnsafeRawBufferPointer(message))
        if kind == SessionRecordKind.subscription.rawValue { function.update(parts.topic) }
        guard let base = key.baseAddress else { return }
        function.finish(into: base + SessionKey.recordOffset)
    }
}

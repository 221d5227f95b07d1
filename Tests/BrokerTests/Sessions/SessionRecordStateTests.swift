import MQTTProtocol
import MQTTWire
import Testing

@testable import Broker

/// The states of a session's records, byte for byte (Format.md, "Sessions").
struct SessionRecordStateTests {
    private func bytes(_ count: Int, _ write: (UnsafeMutableRawBufferPointer) -> Void) -> [UInt8] {
        var bytes = [UInt8](repeating: 0xAA, count: count)
        bytes.withUnsafeMutableBytes(write)
        return bytes
    }

    @Test func session() {
        let state = SessionRecordState.Session(
            hasUserName: true,
            listenerPort: 0x075B,
            expirySeconds: 0x0102_0304,
            awaySinceMilliseconds: 0x0A0B_0C0D_0E0F_1011
        )
        let written = bytes(16, state.write)
        #expect(
            written == [1, 1, 0x5B, 0x07, 4, 3, 2, 1, 0x11, 0x10, 0x0F, 0x0E, 0x0D, 0x0C, 0x0B, 0x0A]
        )
        #expect(written.withUnsafeBytes { SessionRecordState.Session($0) } == state)
    }

    @Test func subscription() {
        let state = SessionRecordState.Subscription(
            maximumQoS: .exactlyOnce,
            isNoLocal: true,
            isRetainAsPublished: true,
            identifier: 0x0102_0304
        )
        let written = bytes(8, state.write)
        #expect(written == [1, 0b1110, 0, 0, 4, 3, 2, 1])
        #expect(written.withUnsafeBytes { SessionRecordState.Subscription($0) } == state)
    }

    @Test func message() throws {
        var identifiers = SubscriptionIdentifiers(7)
        identifiers.insert(0x0102_0304)
        let state = SessionRecordState.Message(
            qos: .atLeastOnce,
            isRetained: true,
            isShared: true,
            isPublishedAsRetained: true,
            identifiers: identifiers
        )
        #expect(state.bytes == 12)
        let written = bytes(12, state.write)
        #expect(written == [1, 0b11101, 2, 0, 7, 0, 0, 0, 4, 3, 2, 1])
        let read = try #require(written.withUnsafeBytes { SessionRecordState.Message($0) })
        #expect(read.qos == .atLeastOnce && read.isRetained && read.isShared && read.isPublishedAsRetained)
        #expect(read.identifiers.array == [7, 0x0102_0304])
    }

    @Test func outgoing() {
        let state = SessionRecordState.Outgoing(messageNumber: 0x0102, sequence: 0x0304)
        let written = bytes(24, state.write)
        #expect(written == [1, 0, 0, 0, 0, 0, 0, 0, 2, 1, 0, 0, 0, 0, 0, 0, 4, 3, 0, 0, 0, 0, 0, 0])
        #expect(written.withUnsafeBytes { SessionRecordState.Outgoing($0) } == state)
    }

    @Test func will() {
        let state = SessionRecordState.Will(
            isRetained: true,
            delaySeconds: 0x0102_0304,
            messageExpirySeconds: 0x0506_0708
        )
        let written = bytes(12, state.write)
        #expect(written == [1, 0b11, 0, 0, 4, 3, 2, 1, 8, 7, 6, 5])
        #expect(written.withUnsafeBytes { SessionRecordState.Will($0) } == state)
        // An interval of 0 is not none.
        for expirySeconds in [nil, 0, UInt32.max] {
            let state = SessionRecordState.Will(
                isRetained: false,
                delaySeconds: .max,
                messageExpirySeconds: expirySeconds
            )
            #expect(bytes(12, state.write).withUnsafeBytes { SessionRecordState.Will($0) } == state)
        }
    }

    /// Every prefix of a will's state, another version, bits and bytes that mean nothing.
    @Test func whatIsNoWillIsRefused() {
        func isRead(_ bytes: [UInt8]) -> Bool { bytes.withUnsafeBytes { SessionRecordState.Will($0) != nil } }
        let whole: [UInt8] = [1, 0b11, 0, 0, 4, 3, 2, 1, 8, 7, 6, 5]
        for count in 0..<whole.count { #expect(!isRead(Array(whole[..<count])), "\(count) bytes") }
        #expect(!isRead(whole + [0]))
        #expect(!isRead([2] + whole[1...]))
        #expect(!isRead([1, 0b111] + whole[2...]))
        #expect(!isRead([1, 0b11, 1] + whole[3...]))
        #expect(!isRead([1, 0b11, 0, 1] + whole[4...]))
        #expect(!isRead([1, 0b01] + whole[2...]), "an interval that there is not")
        #expect(isRead(whole))
    }

    /// Another version, another length, an unknown bit: nothing is guessed.
    @Test func whatIsUnknownIsRefused() {
        func isRead(_ bytes: [UInt8]) -> [Bool] {
            bytes.withUnsafeBytes {
                [
                    SessionRecordState.Session($0) != nil, SessionRecordState.Subscription($0) != nil,
                    SessionRecordState.Message($0) != nil, SessionRecordState.Outgoing($0) != nil,
                ]
            }
        }
        #expect(isRead([]) == [false, false, false, false])
        #expect(isRead([1]) == [false, false, false, false])
        #expect(isRead([2] + [UInt8](repeating: 0, count: 15)) == [false, false, false, false])
        #expect(isRead([1, 2] + [UInt8](repeating: 0, count: 14)) == [false, false, false, false])
        #expect(isRead([1, 16] + [UInt8](repeating: 0, count: 6)) == [false, false, false, false])
        #expect(isRead([1, 3] + [UInt8](repeating: 0, count: 6)) == [false, false, false, false])
        #expect(isRead([1, 32, 0, 0]) == [false, false, false, false])
        #expect(isRead([1, 1, 1, 0]) == [false, false, false, false])
        #expect(isRead([1, 1, 0, 0]) == [false, false, true, false])
        #expect(isRead([1] + [UInt8](repeating: 0, count: 23)) == [false, false, false, true])
        #expect(isRead([1, 1] + [UInt8](repeating: 0, count: 22)) == [false, false, false, false])
    }

    @Test func scratchStaysUntilItIsTakenBack() {
        let scratch = RecordScratch()
        let parts = (0..<300).map { number in
            let part = scratch.take(1_000)
            part.initializeMemory(as: UInt8.self, repeating: UInt8(truncatingIfNeeded: number))
            return part
        }
        for (number, part) in parts.enumerated() {
            #expect(part.allSatisfy { $0 == UInt8(truncatingIfNeeded: number) })
        }
        scratch.removeAll()
        #expect(scratch.take(65_535).count == 65_535)
    }
}

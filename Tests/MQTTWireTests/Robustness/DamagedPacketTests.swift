import MQTTWire
import Testing

/// No input from the network ends the process (invariant B2): packets cut short, changed and invented are incomplete
/// or an error. All of them are read in memory that ends at an unreadable page.
@Suite("Damaged packets")
struct DamagedPacketTests {
    private let memory = GuardedMemory(capacity: 1_024)

    @Test("The packets themselves are valid", arguments: Sample.all)
    func undamaged(_ sample: Sample) throws {
        let result = try readAnything(
            sample.transcript.bytes,
            version: sample.version,
            sender: sample.sender,
            memory: memory
        )
        #expect(result == (1, 0))
    }

    @Test("Every prefix of a packet is incomplete", arguments: Sample.all)
    func everyPrefix(_ sample: Sample) throws {
        let bytes = sample.transcript.bytes
        for count in 0..<bytes.count {
            let result = try readAnything(
                bytes.prefix(count),
                version: sample.version,
                sender: sample.sender,
                memory: memory
            )
            #expect(result == (0, count))
        }
    }

    @Test("Every prefix of a body, with a header that fits it, is a packet or an error", arguments: Sample.all)
    func everyShortenedBody(_ sample: Sample) throws {
        let bytes = sample.transcript.bytes
        let headerBytes = try withFrame(sample.transcript) { $0.totalBytes - $0.body.count }
        let body = bytes[headerBytes...]
        for count in 0..<body.count {
            let length = count < 0x80 ? [UInt8(count)] : [UInt8(count & 0x7F | 0x80), UInt8(count >> 7)]
            expectPacketOrError([bytes[0]] + length + body.prefix(count), like: sample)
        }
    }

    @Test("Every change of a single byte is harmless", arguments: Sample.all)
    func everyByteChanged(_ sample: Sample) {
        var bytes = sample.transcript.bytes
        for index in bytes.indices {
            let original = bytes[index]
            for value in 0...UInt8.max where value != original {
                bytes[index] = value
                expectPacketOrError(bytes, like: sample)
            }
            bytes[index] = original
        }
    }

    @Test("Every byte left out, and every byte doubled, is harmless", arguments: Sample.all)
    func everyByteMoved(_ sample: Sample) {
        let bytes = sample.transcript.bytes
        for index in bytes.indices {
            expectPacketOrError(bytes[..<index] + bytes[(index + 1)...], like: sample)
            expectPacketOrError(bytes[...index] + bytes[index...], like: sample)
        }
    }

    @Test("Random bytes behind every first byte are harmless", arguments: ProtocolVersion.allCases)
    func randomBytes(_ version: ProtocolVersion) {
        var generator = SeededGenerator(seed: Seed.value)
        for first in 0...UInt8.max {
            for _ in 0..<40 {
                let body = generator.bytes(Int.random(in: 0...40, using: &generator))
                let bytes = [first, UInt8(body.count)] + body
                for sender in [Sender.client, .server] {
                    expectPacketOrError(bytes, version: version, sender: sender)
                }
            }
        }
    }

    @Test("Several random changes of packets are harmless", arguments: Sample.all)
    func severalBytesChanged(_ sample: Sample) {
        var generator = SeededGenerator(seed: Seed.value)
        for _ in 0..<200 {
            var bytes = sample.transcript.bytes
            for _ in 0..<Int.random(in: 2...5, using: &generator) {
                bytes[Int.random(in: bytes.indices, using: &generator)] = generator.bytes(1)[0]
            }
            expectPacketOrError(bytes, like: sample)
        }
    }

    private func expectPacketOrError(_ bytes: some Collection<UInt8>, like sample: Sample) {
        expectPacketOrError(bytes, version: sample.version, sender: sample.sender)
    }

    private func expectPacketOrError(_ bytes: some Collection<UInt8>, version: ProtocolVersion, sender: Sender) {
        do {
            try readAnything(bytes, version: version, sender: sender, memory: memory)
        } catch is DecodingError {
            return
        } catch {
            Issue.record("seed \(Seed.value): \(error) from \(Transcript.hexadecimal(bytes))")
        }
    }
}

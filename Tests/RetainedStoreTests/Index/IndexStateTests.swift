import Testing

@testable import RetainedStore

@Suite struct IndexStateTests {
    private let key = [UInt8](repeating: 9, count: 32).secret
    private let state = IndexState(
        timeline: 1 << 99,
        appliedLSN: 7,
        count: 8,
        digest: 1 << 127 | 3,
        valueBytes: 900,
        lastTimeMilliseconds: 1_000
    )

    private func seal(setID: SetID) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: IndexState.sealedBytes)
        let sealed = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 16)
        defer { sealed.deallocate() }
        try state.seal(setID: setID, key: key, into: sealed)
        bytes.withUnsafeMutableBytes { $0.copyMemory(from: UnsafeRawBufferPointer(sealed)) }
        return bytes
    }

    private func open(_ bytes: [UInt8], setID: SetID) throws -> IndexState? {
        let sealed = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 16)
        defer { sealed.deallocate() }
        sealed.copyBytes(from: bytes)
        return try IndexState.open(UnsafeRawBufferPointer(sealed), setID: setID, key: key)
    }

    @Test func roundTrip() throws {
        #expect(try open(seal(setID: 5), setID: 5) == state)
    }

    @Test("S3: a state of another store, or with any changed byte, is none")
    func changed() throws {
        let bytes = try seal(setID: 5)
        #expect(try open(bytes, setID: 6) == nil)
        #expect(try open(bytes.dropLast(), setID: 5) == nil)
        for offset in bytes.indices {
            var changed = bytes
            changed[offset] ^= 1
            #expect(try open(changed, setID: 5) == nil, "offset \(offset)")
        }
    }
}

@testable import RetainedStore

/// What the engine does with one message, part by part.
enum EngineBenchmarks {
    static var all: [Microbenchmark] {
        [
            Microbenchmark(name: "blind-topic-known", run: blindKnown),
            Microbenchmark(name: "blind-topic-new", run: blindNew),
            Microbenchmark(name: "seal", run: seal),
            Microbenchmark(name: "open", run: open),
            Microbenchmark(name: "journal-append", run: append),
        ]
    }

    private static let batch = 64
    private static let setID: SetID = 7

    /// A topic that was seen lately.
    private static func blindKnown(count: Int) throws -> Int {
        try blind(count: count) { Samples.topics[$0 % 100] }
    }

    /// A topic under a parent that was seen lately.
    private static func blindNew(count: Int) throws -> Int {
        let topics = (0..<count).map { Samples.lasting(Array("house/room\($0 % 100)/device\($0)".utf8)) }
        return try blind(count: count) { topics[$0] }
    }

    private static func blind(count: Int, _ topic: (Int) -> UnsafeRawBufferPointer) throws -> Int {
        let blinder = try TopicBlinder(indexKey: SecretBytes.random(count: 16))
        let key = UnsafeMutableRawBufferPointer.allocate(byteCount: BlindTopicKey.bytesMax, alignment: 16)
        defer { key.deallocate() }
        var sum = 0
        for number in 0..<count { sum += blinder.blind(topic(number), into: key) }
        return sum
    }

    private static func withKeyring<Result>(_ body: (Keyring) throws -> Result) throws -> Result {
        let directory = try ScratchDirectory()
        return try body(
            Keyring.create(path: directory.path + "/keyring", setID: setID, rootKey: RootKey.random())
        )
    }

    /// A message of 200 bytes, in batches as those of one read are.
    private static func seal(count: Int) throws -> Int {
        try withKeyring { keyring in
            let sealer = try Sealer(setID: setID, keyring: keyring)
            let key = try sealer.dataKey(forNamespace: 1)
            let blindKey = Samples.lasting([UInt8](0..<65))
            let parts = Samples.message(0)
            let slot = UnsafeMutableRawBufferPointer.allocate(byteCount: sealer.sealedBytes(of: parts), alignment: 16)
            defer { slot.deallocate() }
            for number in 0..<count {
                if number % batch == 0 { try sealer.beginBatch() }
                sealer.seal(parts, recordType: .set, blindKey: blindKey, key: key, into: slot)
            }
            return slot.count
        }
    }

    private static func open(count: Int) throws -> Int {
        try withKeyring { keyring in
            let sealer = try Sealer(setID: setID, keyring: keyring)
            let opener = try Opener(setID: setID, keyring: keyring)
            let key = try sealer.dataKey(forNamespace: 1)
            let blindKey = Samples.lasting([UInt8](0..<65))
            let parts = Samples.message(0)
            let bytes = sealer.sealedBytes(of: parts)
            let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: (batch + 1) * bytes, alignment: 16)
            defer { memory.deallocate() }
            func slot(_ index: Int) -> UnsafeMutableRawBufferPointer {
                UnsafeMutableRawBufferPointer(rebasing: memory[(index * bytes)..<((index + 1) * bytes)])
            }
            try sealer.beginBatch()
            for index in 0..<batch {
                sealer.seal(parts, recordType: .set, blindKey: blindKey, key: key, into: slot(index))
            }
            var sum = 0
            for number in 0..<count {
                sum += try opener.open(
                    UnsafeRawBufferPointer(slot(number % batch)),
                    recordType: .set,
                    blindKey: blindKey,
                    keyID: key.id,
                    into: slot(batch)
                ).payload.count
            }
            return sum
        }
    }

    /// What the journal thread does for a record of a group of 64: checksum, MAC, and a disk that forgets.
    private static func append(count: Int) throws -> Int {
        let identity = JournalIdentity(setID: setID, timeline: 1, key: try SecretBytes.random(count: 32))
        let writer = try JournalWriter(
            disk: ForgetfulDisk(),
            directory: "journal",
            identity: identity,
            end: JournalEnd()
        )
        let segment = try Segment(file: ForgetfulFile(), bytes: 1 << 40)
        segment.begin(number: 1, firstLSN: 1)
        let group = GroupBuffer(bytes: 1 << 20, segment: segment)
        let blindKey = Samples.lasting([UInt8](0..<65))
        let sealedBytes = 300
        let recordBytes = JournalRecord.bytes(keyBytes: blindKey.count, sealedBytes: sealedBytes)
        for index in 0..<batch {
            let place = group.slot(at: GroupHeader.bytes + index * recordBytes)
            UnsafeMutableRawBufferPointer(start: place, count: recordBytes).initializeMemory(
                as: UInt8.self,
                repeating: 7
            )
            JournalRecord.begin(
                at: place,
                type: RecordType.set.rawValue,
                key: blindKey,
                sealedBytes: sealedBytes,
                version: UInt64(index + 1),
                dataKeyID: 1
            )
            JournalRecord.finish(at: place, keyBytes: blindKey.count, sealedBytes: sealedBytes)
        }
        var base = SegmentHeader.blockBytes
        for _ in 0..<(count / batch) {
            group.open(in: segment, at: base, bytesMax: 1 << 20, firstLSN: writer.end.lastLSN + 1)
            _ = group.reserve(bytes: batch * recordBytes, count: batch)
            try writer.write(group)
            try writer.sync()
            base = group.end
        }
        return Int(writer.syncedLSN)
    }
}

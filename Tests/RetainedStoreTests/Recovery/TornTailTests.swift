import Testing

@testable import RetainedStore

@Suite struct TornTailTests {
    /// A store that was killed after three groups of two messages each, none of which a mark followed.
    private func killed(_ fixture: StoreFixture) throws -> JournalImage {
        fixture.limits.idleMarkMilliseconds = 1_000_000
        fixture.limits.segmentBytes = 16 << 10
        fixture.limits.groupBytesMax = 4 << 10
        let store = try fixture.open()
        let writer = try store.makeWriter()
        for number in 0..<3 {
            store.waitUntilDurable(try writer.commit([("a/\(number)", "x"), ("b/\(number)", "y")]))
        }
        try fixture.copy(to: "killed")
        let path = try #require(try fixture.segmentPaths("killed").last)
        let image = JournalImage(path: path)
        try #require(image.groups.count == 3)
        return image
    }

    @Test("D1: a tail torn at any byte is dropped and reported, what was durable before it is kept")
    func everyByte() throws {
        let fixture = try StoreFixture()
        let image = try killed(fixture)
        let last = image.groups[2]
        for cut in last {
            var bytes = image.bytes
            for offset in cut..<last.upperBound { bytes[offset] = 0 }
            // Padding is zero anyway: from there on nothing is missing.
            let isWhole = bytes == image.bytes
            image.write(bytes)
            let (records, report) = try fixture.replay("killed")
            #expect(records.count == (isWhole ? 6 : 4), "cut at \(cut)")
            #expect(report.tornBytes <= UInt64(last.count))
            // From the group's length on, what was being written is known to the byte.
            if !isWhole, cut >= last.lowerBound + 32 { #expect(report.tornBytes == UInt64(last.count)) }
        }
    }

    @Test(
        "S3: any byte changed in a group that nothing later calls durable makes it a torn tail, never another message"
    )
    func changedTail() throws {
        let fixture = try StoreFixture()
        let image = try killed(fixture)
        for offset in image.groups[2] {
            var bytes = image.bytes
            bytes[offset] ^= 0x10
            image.write(bytes)
            let (records, _) = try fixture.replay("killed")
            #expect(records.map(\.version) == [1, 2, 3, 4], "offset \(offset)")
        }
    }

    @Test("S3: any byte changed in a group that a later one calls durable is damage, and says where")
    func changedDurable() throws {
        let fixture = try StoreFixture()
        let image = try killed(fixture)
        for offset in image.groups[1] {
            var bytes = image.bytes
            bytes[offset] ^= 0x10
            image.write(bytes)
            #expect("offset \(offset)") {
                try fixture.replay("killed")
            } throws: { error in
                guard case .damaged(let damage) = error as? StoreError else { return false }
                return damage.file == image.path && damage.offset == UInt64(image.groups[1].lowerBound)
            }
        }
    }

    @Test("S3: after a clean close every changed byte of a group is damage")
    func changedAfterClose() throws {
        let fixture = try StoreFixture()
        fixture.limits.segmentBytes = 16 << 10
        fixture.limits.groupBytesMax = 4 << 10
        let store = try fixture.open()
        try store.makeWriter().commit([("a", "x"), ("b", "y")])
        try store.close()
        let image = JournalImage(path: try #require(try fixture.segmentPaths().last))
        #expect(image.headers.last?.recordCount == 0)
        for offset in image.groups[0] {
            var bytes = image.bytes
            bytes[offset] ^= 1
            image.write(bytes)
            #expect(throws: StoreError.self, "offset \(offset)") { try fixture.replay() }
        }
    }

    @Test("A group whose checksum fits and whose MAC does not is tampering, even in the tail")
    func forgedGroup() throws {
        let fixture = try StoreFixture()
        let image = try killed(fixture)
        var bytes = image.bytes
        let group = image.groups[2]
        // The version of the group's first record, which the MAC covers, and a checksum to match.
        bytes[group.lowerBound + GroupHeader.bytes + 16] ^= 1
        bytes.withUnsafeMutableBytes { bytes in
            let salt = UnsafeRawBufferPointer(bytes).loadLittleEndian(at: 72, as: UInt32.self)
            let checksum = GroupHeader.checksum(of: UnsafeRawBufferPointer(rebasing: bytes[group]), salt: salt)
            bytes.storeLittleEndian(checksum, at: group.lowerBound + 4)
        }
        image.write(bytes)
        #expect {
            try fixture.replay("killed")
        } throws: { error in
            guard case .damaged(let damage) = error as? StoreError else { return false }
            return damage.field == "MAC of the group"
        }
    }

    @Test("S3: a set that was made into a clear, checksum and all, is noticed: nothing hides a message")
    func forgedClear() throws {
        let fixture = try StoreFixture()
        let image = try killed(fixture)
        var bytes = image.bytes
        let group = image.groups[1]
        bytes[group.lowerBound + GroupHeader.bytes + 4] = RecordType.clear.rawValue
        bytes.withUnsafeMutableBytes { bytes in
            let salt = UnsafeRawBufferPointer(bytes).loadLittleEndian(at: 72, as: UInt32.self)
            let checksum = GroupHeader.checksum(of: UnsafeRawBufferPointer(rebasing: bytes[group]), salt: salt)
            bytes.storeLittleEndian(checksum, at: group.lowerBound + 4)
        }
        image.write(bytes)
        #expect {
            try fixture.open("killed")
        } throws: { error in
            guard case .damaged(let damage) = error as? StoreError else { return false }
            return damage.field == "envelope"
        }
    }

    @Test("What lies behind a dropped tail never comes back, though its checksum fits")
    func droppedTailStaysDropped() throws {
        let fixture = try StoreFixture()
        let image = try killed(fixture)
        // The third group vanishes; a fourth that was written behind it, unsynced, survives the power cut.
        fixture.sync = .none
        var bytes = image.bytes
        for offset in image.groups[1] { bytes[offset] = 0 }
        // The third group states that the second was durable: the fourth's stand-in must not.
        bytes.withUnsafeMutableBytes { bytes in
            let group = image.groups[2]
            let salt = UnsafeRawBufferPointer(bytes).loadLittleEndian(at: 72, as: UInt32.self)
            bytes.storeLittleEndian(UInt64(2), at: group.lowerBound + 16)
            let checksum = GroupHeader.checksum(of: UnsafeRawBufferPointer(rebasing: bytes[group]), salt: salt)
            bytes.storeLittleEndian(checksum, at: group.lowerBound + 4)
        }
        image.write(bytes)
        let store = try fixture.open("killed")
        #expect(store.openReport.lastLSN == 2)
        #expect(store.openReport.tornBytes == UInt64(image.groups[1].count + image.groups[2].count))
        #expect(try store.makeReader().scan("#") == ["a/0": "x", "b/0": "y"])
        try store.makeWriter().set("c", "z")
        try store.close()
        let again = try fixture.open("killed")
        #expect(again.openReport.tornBytes == 0)
        #expect(try again.makeReader().scan("#") == ["a/0": "x", "b/0": "y", "c": "z"])
    }
}

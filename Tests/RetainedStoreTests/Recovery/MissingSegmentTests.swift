import Glibc
import Testing

@testable import RetainedStore

@Suite struct MissingSegmentTests {
    /// A closed store whose messages lie in several segments, none of which is in the index.
    private func closed(_ fixture: StoreFixture) throws -> [String] {
        fixture.limits.segmentBytes = 32 << 10
        fixture.limits.groupBytesMax = 8 << 10
        fixture.limits.segmentsMax = 1_000
        let store = try fixture.open()
        let writer = try store.makeWriter()
        for number in 0..<200 { try writer.set("t/\(number)", String(repeating: "q", count: 500)) }
        try store.close()
        let paths = try fixture.segmentPaths()
        try #require(paths.count >= 4)
        return paths
    }

    private func isDamage(_ error: any Error) -> Bool {
        if case .damaged = error as? StoreError { true } else { false }
    }

    @Test("S3: a segment that is gone from the middle is damage", arguments: [1, 2])
    func missing(index: Int) throws {
        let fixture = try StoreFixture()
        let paths = try closed(fixture)
        unlink(paths[index])
        #expect { try fixture.open() } throws: { isDamage($0) }
    }

    @Test("S3: a journal that begins behind what the index has is damage")
    func missingBeginning() throws {
        let fixture = try StoreFixture()
        let paths = try closed(fixture)
        // The first one is that of the store's creation, without a record.
        for path in paths[..<2] { unlink(path) }
        #expect {
            try fixture.open()
        } throws: { error in
            guard case .damaged(let damage) = error as? StoreError else { return false }
            return damage.file == paths[2] && damage.field == "LSN of the first record"
        }
        let report = try RetainedStore.verify(fixture.options(), masterKey: fixture.masterKey, nowSeconds: 1)
        #expect(report.damage.map(\.field) == ["LSN of the first record"])
    }

    @Test(
        "D1: an opening takes segments' numbers away one by one, each for good before anything else happens to the file"
    )
    func adopted() throws {
        let fixture = try StoreFixture()
        let paths = try closed(fixture)
        // Safe because the fixture is used by the checkpoint thread for copying alone, while this one waits.
        nonisolated(unsafe) let source = fixture
        let store = try fixture.open { moment in
            // Everything is in the index, and no segment has been recycled yet.
            guard case .indexSynced = moment else { return }
            do { try source.copy(to: "killed") } catch { Issue.record(error) }
        }
        try store.checkpoint()
        try store.close()
        let disk = FaultyDisk()
        let copy = try fixture.open("killed", disk: disk)
        let performed = disk.performed
        try copy.close()
        let names = paths.map { $0.split(separator: "/").last ?? "" }
        let renamings = performed.indices.filter { index in
            performed[index].operation == .rename && names.contains { performed[index].path.hasSuffix($0) }
        }
        #expect(renamings.count >= 4)
        for index in renamings {
            let next = index + 1 < performed.count ? performed[index + 1].operation : nil
            #expect(next == .syncDirectory, "behind \(performed[index].path)")
        }
        #expect(renamings.map { performed[$0].path } == renamings.map { performed[$0].path }.sorted())
    }

    @Test("S3: a segment that is shorter than its header says is damage")
    func shortened() throws {
        let fixture = try StoreFixture()
        let paths = try closed(fixture)
        truncate(paths[2], 20_000)
        #expect { try fixture.open() } throws: { isDamage($0) }
    }

    @Test("S3: segments that changed places are damage")
    func swapped() throws {
        let fixture = try StoreFixture()
        let paths = try closed(fixture)
        let (first, second) = (FileBytes.read(paths[1]), FileBytes.read(paths[2]))
        FileBytes.write(second, to: paths[1])
        FileBytes.write(first, to: paths[2])
        #expect { try fixture.open() } throws: { isDamage($0) }
    }

    @Test("S3: a segment under another number than its header's is damage")
    func renamed() throws {
        let fixture = try StoreFixture()
        let paths = try closed(fixture)
        let number = UInt64(paths.count + 7)
        rename(paths[paths.count - 1], fixture.path() + "/journal/" + SegmentName.segment(number))
        #expect {
            try fixture.open()
        } throws: { error in
            guard case .damaged(let damage) = error as? StoreError else { return false }
            return damage.field == "segment number"
        }
    }

    @Test("S3: a segment that ends otherwise than the next one says is damage", arguments: ["offset", "MAC", "LSN"])
    func otherEnd(field: String) throws {
        let fixture = try StoreFixture()
        let paths = try closed(fixture)
        let opened = try OpenedStore(fixture.options().location, fixture.masterKey, access: .readOnly)
        let headers = try paths[1...2].map { path in
            var cipher: AESCMAC? = try AESCMAC(key: opened.keys.journal)
            return try Array(FileBytes.read(path)[..<SegmentHeader.blockBytes]).withUnsafeBytes {
                try SegmentHeader.decode($0, file: path, cipher: &cipher)
            }
        }
        var end = SegmentWalk.StatedEnd(
            offset: Int(headers[1].header.predecessorEnd),
            mac: headers[1].header.predecessorMAC,
            lastLSN: headers[1].header.firstLSN - 1
        )
        func walk() throws {
            let walk = try SegmentWalk.make(
                try PosixDisk().open(paths[1], creating: false),
                header: headers[0].header,
                mac: headers[0].mac,
                key: opened.keys.journal
            )
            _ = try walk.run(to: end)
        }
        try walk()
        switch field {
        case "offset": end.offset -= JournalImage(path: paths[1]).groups.last?.count ?? 0
        case "MAC": end.mac ^= 1
        default: end.lastLSN += 1
        }
        #expect { try walk() } throws: { isDamage($0) }
    }

    @Test("S3: a segment of another store is damage")
    func foreign() throws {
        let fixture = try StoreFixture()
        let paths = try closed(fixture)
        let other = try StoreFixture()
        let otherPaths = try closed(other)
        FileBytes.write(FileBytes.read(otherPaths[1]), to: paths[1])
        #expect { try fixture.open() } throws: { isDamage($0) }
    }

    @Test("An unfinished spare, whatever is in it, is no part of the history")
    func spares() throws {
        let fixture = try StoreFixture()
        let paths = try closed(fixture)
        let journal = fixture.path() + "/journal/"
        // A kill between writing a header and renaming the file; one while a spare was being filled.
        FileBytes.write(FileBytes.read(paths[1]), to: journal + "spare-77.journal")
        FileBytes.write([1, 2, 3], to: journal + "spare-78.journal")
        let store = try fixture.open()
        #expect(try store.makeReader().scan("#").count == 200)
    }
}

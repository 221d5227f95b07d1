import Glibc
import Testing

@testable import RetainedStore

@Suite("Salvaging a journal") struct SalvageJournalTests {
    private let store: DamagedStore
    private let image: JournalImage
    /// Groups with messages.
    private let full: [Int]

    init() throws {
        store = try DamagedStore(indexCount: 40)
        let image = JournalImage(path: try #require(store.neededSegments().last))
        let full = image.headers.indices.filter { image.headers[$0].recordCount > 0 }
        try #require(full.count >= 12)
        self.image = image
        self.full = full
    }

    private func isDamaged() -> Bool {
        (try? RetainedStore.verify(store.fixture.options(), masterKey: store.fixture.masterKey, nowSeconds: 1).isSound)
            != true
    }

    @Test("S3: a changed record costs what stood in it and nothing else")
    func changedRecord() throws {
        let group = image.groups[full[full.count - 4]]
        store.damage(image.path, at: group.upperBound - 40..<group.upperBound - 39)
        try #require(isDamaged())
        let (report, found) = try store.salvage()
        #expect(report.journalQuarantinedCount == 1 && report.journalMissingCount == 0, "\(report)")
        #expect(store.differences(found).count <= 1)
        #expect(report.quarantinePath != nil)
        let unsaved = try #require(report.unsaved.first)
        #expect(unsaved.region == .journal && unsaved.damage.file == image.path)
    }

    @Test("what is wrong with a group only, and not with its records, costs nothing", arguments: [4, 8, 33])
    func changedGroupHeader(offset: Int) throws {
        // Checksum, LSN, MAC.
        let group = image.groups[full[full.count - 4]]
        store.damage(image.path, at: group.lowerBound + offset..<group.lowerBound + offset + 1)
        try #require(isDamaged())
        let (report, found) = try store.salvage()
        #expect(store.differences(found) == [], "\(report)")
        #expect(report.journalMissingCount == 0 && report.journalQuarantinedCount == 0)
        // A MAC that fits vouches for it, whatever the checksum says.
        #expect(report.unboundCount == (offset == 4 ? 0 : UInt64(image.headers[full[full.count - 4]].recordCount)))
    }

    @Test("S3: a group that is gone is counted, record by record, and what follows is kept")
    func goneGroup() throws {
        let index = full[full.count - 4]
        store.damage(image.path, at: image.groups[index]) { _ in 0 }
        let (report, found) = try store.salvage()
        // The one behind it is chained to a MAC that is gone; the one behind that vouches for where both were.
        #expect(report.journalMissingCount == UInt64(image.headers[index].recordCount), "\(report)")
        #expect(store.differences(found).count <= Int(report.journalMissingCount))
        #expect(report.unboundCount > 0)
    }

    @Test("a segment without its header is read by its groups")
    func goneHeader() throws {
        store.damage(image.path, at: 0..<200) { _ in 0xAA }
        let (report, found) = try store.salvage()
        #expect(store.differences(found) == [], "\(report)")
        #expect(report.damageCount > 0 && report.journalMissingCount == 0)
    }

    @Test("S3: a segment that is gone costs what stood in it, and is counted")
    func goneSegment() throws {
        // Another segment, so that there is something behind the gap.
        let again = try store.fixture.open()
        let first = again.openReport.lastLSN
        again.waitUntilDurable(try again.makeWriter().set("behind/gap", "1"))
        try again.close()
        unlink(image.path)
        try #require(isDamaged())
        let (report, found) = try store.salvage()
        #expect(found["behind/gap"] == "1")
        #expect(report.journalMissingCount == 60 && first > 60, "\(report)")
        #expect(found.count == 41)
    }

    @Test("S3: a group forged behind the end is not taken, though its envelope opens")
    func forgedTail() throws {
        let last = image.groups[full[full.count - 1]]
        var bytes = image.bytes
        let end = try #require(image.groups.last).upperBound
        // What the last message was, once more, as a later version.
        bytes.replaceSubrange(end..<end + last.count, with: bytes[last])
        bytes.withUnsafeMutableBytes { bytes in
            let lsn = image.headers[full[full.count - 1]].firstLSN + 5
            bytes.storeLittleEndian(lsn, at: end + 8)
            bytes.storeLittleEndian(lsn - 1, at: end + 16)
            bytes.storeLittleEndian(lsn, at: end + GroupHeader.bytes + 16)
        }
        FileBytes.write(bytes, to: image.path)
        let (report, found) = try store.salvage()
        #expect(store.differences(found) == [])
        #expect(report.unboundCount == 0, "\(report)")
    }
}

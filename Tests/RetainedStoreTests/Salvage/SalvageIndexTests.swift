import Foundation
import Glibc
import Testing

@testable import RetainedStore

@Suite("Salvaging an index") struct SalvageIndexTests {
    private let store: DamagedStore

    init() throws {
        store = try DamagedStore()
    }

    @Test("a sound store comes through whole, and nothing is quarantined")
    func sound() throws {
        let (report, found) = try store.salvage()
        #expect(found == store.retained)
        #expect(report.isIndexProven && report.damageCount == 0 && report.unsaved.isEmpty, "\(report)")
        #expect(report.quarantinePath == nil && report.journalMissingCount == 0)
        #expect(report.keptCount == UInt64(found.count))
        #expect(!RetainedStore.exists(path: store.fixture.path() + "/quarantine"))
    }

    @Test("S3: a record that does not open goes into quarantine, and the rest is kept")
    func damagedRecord() throws {
        let item = try #require(try IndexContents.read(store.fixture).first)
        let offset = try store.offsetInUse(of: item.value)
        store.damage(store.indexPath, at: offset + 60..<offset + 61)
        let (report, found) = try store.salvage()
        #expect(report.unsaved.count == 1 && report.lostCount + report.newerKeptCount == 1, "\(report)")
        #expect(report.quarantinedCount == 1 && report.damageCount == 0 && report.indexMissingCount == 0)
        #expect(store.differences(found).count == Int(report.lostCount))
        let unsaved = try #require(report.unsaved.first)
        #expect(
            unsaved.region == .index && unsaved.damage.file == store.indexPath && unsaved.damage.field == "envelope"
        )
        #expect(unsaved.damage.offset < UInt64(offset) && unsaved.damage.offset + 600 > UInt64(offset))
        let path = try #require(report.quarantinePath)
        var status = stat()
        #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
        // As it was found: the changed byte is in it.
        var damaged = item.value
        damaged[60] = ~damaged[60]
        #expect(firstOffset(of: damaged, in: path) != nil)
    }

    @Test("a record whose topic has a newer value is no loss, and is named by its topic")
    func supersededRecord() throws {
        let newer = try #require(store.retained.first { $0.value.hasPrefix("newer") })
        try damageRecord(of: newer.key)
        let (report, found) = try store.salvage()
        #expect(found == store.retained)
        #expect(report.newerKeptCount == 1 && report.unsaved.first?.topic == newer.key, "\(report.unsaved)")
    }

    @Test("a record whose topic has been cleared since is no loss either")
    func clearedRecord() throws {
        let cleared = try #require(store.published.keys.first { $0.hasPrefix("i/") && store.retained[$0] == nil })
        try damageRecord(of: cleared)
        let (report, found) = try store.salvage()
        #expect(found == store.retained)
        #expect(report.lostCount == 0 && report.newerKeptCount == 1, "\(report.unsaved)")
    }

    @Test("S3: without the root every leaf is found, and none of the pages that were given up comes back")
    func brokenRoot() throws {
        let (root, leaves, depth) = try store.pages()
        let older = try store.pages(age: 1).root
        try #require(depth >= 2 && leaves.count > 5 && older != root)
        for page in [root, older] {
            store.damage(store.indexPath, at: Int(page) * 4_096..<Int(page + 1) * 4_096) { _ in 0 }
        }
        let (report, found) = try store.salvage()
        #expect(store.differences(found) == [])
        #expect(report.offTreeCount == report.indexStatedCount && report.indexMissingCount == 0, "\(report)")
        #expect(report.damageCount == 1 && report.damage.first?.offset == UInt64(root) * 4_096)
    }

    @Test("where the newer tree is broken the older one is gone by, and what was committed since is found")
    func newerRoot() throws {
        let root = try store.pages().root
        store.damage(store.indexPath, at: Int(root) * 4_096..<Int(root + 1) * 4_096) { _ in 0 }
        let (report, found) = try store.salvage()
        #expect(store.differences(found) == [], "\(report)")
        #expect(report.isIndexProven && report.damage.first?.offset == UInt64(root) * 4_096)
        #expect(report.quarantinePath != nil)
    }

    @Test(
        "S3: a page that is free, or in the tree already, is not read where a damaged branch leads to it",
        arguments: [false, true]
    )
    func strayBranch(isFree: Bool) throws {
        let (root, leaves, depth) = try store.pages()
        try #require(depth == 2)
        let stray = isFree ? try #require(try store.freeLeaf()) : leaves[3]
        // The first four bytes of a branch's node are the child's page.
        let node = try store.branchNode(root, childIndex: 2)
        for byte in 0..<4 {
            store.damage(store.indexPath, at: node + byte..<node + byte + 1) { _ in
                UInt8(truncatingIfNeeded: stray >> (8 * byte))
            }
        }
        let (report, found) = try store.salvage()
        // The leaf that the branch led to is found where nothing leads to it.
        #expect(store.differences(found) == [], "\(report)")
        #expect(report.damage.contains { $0.field == "page" && $0.offset == stray * 4_096 }, "\(report.damage)")
        #expect(report.indexReadCount == report.indexStatedCount)
    }

    @Test("S3: a leaf that is gone costs its records, and the report counts them", arguments: [0, 10])
    func brokenLeaf(fieldOffset: Int) throws {
        let leaf = Int(try store.pages().leaves[2])
        // All of it, or its flags alone: then each of its records is still found.
        let isWhole = fieldOffset == 0
        let start = leaf * 4_096 + fieldOffset
        store.damage(store.indexPath, at: isWhole ? start..<start + 4_096 : start..<start + 2) { _ in 0xFF }
        let (report, found) = try store.salvage()
        let missing = try #require(report.indexMissingCount)
        let differences = store.differences(found)
        #expect(isWhole == (missing > 3) && isWhole == !differences.isEmpty, "\(report)")
        #expect(differences.count <= Int(missing) && report.damageCount == 1)
        #expect(differences.allSatisfy { found[$0] == nil })
        #expect(report.quarantinePath.map { FileBytes.read($0).count } ?? 0 > 4_096)
    }

    @Test("either meta page may be gone", arguments: [0, 1])
    func brokenMeta(page: Int) throws {
        store.damage(store.indexPath, at: page * 4_096..<page * 4_096 + 200)
        let (report, found) = try store.salvage()
        #expect(report.damage.contains { $0.field == "meta page" })
        // The older one does not lead to the last commit; but the journal of that is still in spare segments.
        #expect(store.differences(found).count <= Int(report.journalMissingCount), "\(report)")
        #expect(store.differences(found).allSatisfy { $0.hasPrefix("gone/") })
    }

    @Test("without any index the journal's messages are what is left")
    func noIndex() throws {
        unlink(store.indexPath)
        let (report, found) = try store.salvage()
        #expect(found.count == store.retained.values.count { $0.hasPrefix("new") })
        #expect(report.damage.contains { $0.field == "index" } && report.indexStatedCount == nil)
    }

    @Test("S3: a store put back to an earlier state is not taken for a damaged one")
    func earlierState() throws {
        try store.fixture.copy(to: "earlier")
        let again = try store.fixture.open()
        again.waitUntilDurable(try again.makeWriter().set("later", "1"))
        try again.checkpoint()
        try again.close()
        let anchor = FileBytes.read(store.fixture.options().location.anchorPath)
        let options = store.fixture.options("earlier")
        FileBytes.write(anchor, to: options.location.anchorPath)
        #expect {
            try RetainedStore.salvage(options, masterKey: store.fixture.masterKey, nowSeconds: 1)
        } throws: {
            "\($0)".contains("earlier state")
        }
    }

    @Test(
        "a crash leaves the damaged store or the salvaged one, whole",
        arguments: RetainedStore.SalvageMoment.allCases
    )
    func crash(moment: RetainedStore.SalvageMoment) throws {
        let leaf = Int(try store.pages().leaves[2])
        store.damage(store.indexPath, at: leaf * 4_096..<(leaf + 1) * 4_096) { _ in 0xFF }
        let damaged = FileBytes.read(store.indexPath)
        var copied: Result<Void, any Error> = .success(())
        let (_, found) = try store.salvage { reached in
            if reached == moment { copied = Result { try store.fixture.copy(to: "crashed") } }
        }
        try copied.get()
        let path = store.fixture.path("crashed")
        if moment == .isBuilt {
            #expect(FileBytes.read(path + "/index/data.mdb") == damaged)
            _ = try RetainedStore.salvage(
                store.fixture.options("crashed"),
                masterKey: store.fixture.masterKey,
                nowSeconds: 1_000
            )
        } else {
            let options = store.fixture.options("crashed")
            #expect(throws: StoreError.self) {
                try RetainedStore.verify(options, masterKey: store.fixture.masterKey, nowSeconds: 1)
            }
        }
        #expect(try store.openSalvaged("crashed") == found)
        #expect(!RetainedStore.exists(path: path + "/salvage") && !RetainedStore.exists(path: path + "/index.salvaged"))
    }

    /// Changes a byte of what the index has of a topic.
    private func damageRecord(of topic: String) throws {
        let opened = try OpenedStore(store.fixture.options().location, store.fixture.masterKey, access: .readOnly)
        let blinder = try TopicBlinder(indexKey: opened.keys.index)
        let key = UnsafeMutableRawBufferPointer.allocate(byteCount: BlindTopicKey.bytesMax, alignment: 16)
        defer { key.deallocate() }
        let count = Array(topic.utf8).withUnsafeBytes { blinder.blind($0, into: key) }
        let item = try #require(try IndexContents.read(store.fixture).first { $0.key == Array(key[..<count]) })
        let offset = try store.offsetInUse(of: item.value)
        store.damage(store.indexPath, at: offset + 40..<offset + 41)
    }

    private func firstOffset(of bytes: [UInt8], in path: String) -> Int? {
        Data(FileBytes.read(path)).range(of: Data(bytes))?.lowerBound
    }
}

import Foundation
import Glibc
import Testing

@testable import RetainedStore

/// A closed store of several index pages and journal groups, what it holds, and ways of damaging it.
final class DamagedStore {
    let fixture: StoreFixture
    /// What is retained, by topic.
    private(set) var retained: [String: String] = [:]
    /// The last version that was given out.
    private(set) var lastLSN: UInt64 = 0
    /// Every value that a topic ever had.
    private(set) var published: [String: Set<String>] = [:]

    /// - Parameters:
    ///   - indexCount: Topics in the index, after each of them has been written there twice and half as many others have
    ///     been cleared again.
    ///   - journalCount: Messages in the journal that the index does not have: new topics, newer values and clears.
    init(indexCount: Int = 400, journalCount: Int = 60) throws {
        fixture = try StoreFixture()
        fixture.limits.segmentBytes = 64 << 10
        fixture.limits.groupBytesMax = 8 << 10
        fixture.limits.segmentsMax = 1_000
        let store = try fixture.open()
        let writer = try store.makeWriter()
        for round in 0..<2 {
            for number in 0..<indexCount { try set(writer, "i/\(number)", "value \(number) of round \(round)") }
            for number in 0..<indexCount / 2 { try set(writer, "gone/\(number)", "to be cleared") }
            try store.checkpoint()
            for number in 0..<indexCount / 2 { try set(writer, "gone/\(number)", nil) }
            try store.checkpoint()
        }
        for number in 0..<journalCount {
            switch number % 3 {
            case 0: try set(writer, "j/\(number)", "new \(number)")
            case 1: try set(writer, "i/\(number)", "newer \(number)")
            default: try set(writer, "i/\(number)", nil)
            }
            store.waitUntilDurable(store.withOrder { $0 })
        }
        lastLSN = store.withOrder { $0 }
        try store.close()
    }

    private func set(_ writer: StoreWriter, _ topic: String, _ payload: String?) throws {
        let filled = payload.map { $0 + String(repeating: ".", count: 60) }
        try writer.commit([(topic, filled)])
        retained[topic] = filled
        if let filled { published[topic, default: []].insert(filled) }
    }

    var indexPath: String { fixture.path() + "/index/data.mdb" }
    var journalPaths: [String] { (try? fixture.segmentPaths()) ?? [] }

    /// The segments that hold messages which the index does not have.
    func neededSegments() -> [String] {
        journalPaths.filter { !JournalImage(path: $0).groups.isEmpty }
    }

    /// Changes bytes of a file.
    func damage(_ path: String, at range: Range<Int>, _ change: (UInt8) -> UInt8 = { ~$0 }) {
        var bytes = FileBytes.read(path)
        for offset in range.clamped(to: 0..<bytes.count) { bytes[offset] = change(bytes[offset]) }
        FileBytes.write(bytes, to: path)
    }

    /// The root of the tree of records, and all of its leaf pages, as a meta page leads to them.
    ///
    /// - Parameter age: 0: the newer meta page; 1: the older one.
    func pages(age: Int = 0) throws -> (root: UInt64, leaves: [UInt64], depth: Int) {
        let file = try IndexPageFile(path: indexPath)
        let opened = try OpenedStore(fixture.options().location, fixture.masterKey, access: .readOnly)
        let meta = file.metas.map(\.meta).sorted { $0.transaction > $1.transaction }[age]
        let source = try IndexSource(file, meta, setID: opened.header.setID, stateKey: opened.keys.state)
        let root = try #require(source.retained)
        var leaves: [UInt64] = []
        try source.walk { item in
            let page = item.offset / UInt64(file.pageBytes)
            if leaves.last != page { leaves.append(page) }
        }
        return (try #require(root.page), leaves, root.depth)
    }

    /// Where in the index's file a record's value is, in a page of the tree: a page that was given up may have it, too.
    func offsetInUse(of value: [UInt8]) throws -> Int {
        let bytes = Data(FileBytes.read(indexPath))
        for leaf in try pages().leaves {
            let page = Int(leaf) * 4_096
            if let found = bytes[page..<page + 4_096].range(of: Data(value)) { return found.lowerBound }
        }
        throw ValueNotInUse()
    }

    /// A leaf page with records that was given up.
    func freeLeaf() throws -> UInt64? {
        let file = try IndexPageFile(path: indexPath)
        let opened = try OpenedStore(fixture.options().location, fixture.masterKey, access: .readOnly)
        let meta = try #require(file.metas.map(\.meta).max { $0.transaction < $1.transaction })
        let source = try IndexSource(file, meta, setID: opened.header.setID, stateKey: opened.keys.state)
        let buffer = file.makeBuffer()
        defer { buffer.deallocate() }
        return try (2..<file.pageCount).first { number in
            guard source.tree.free.contains(number), let page = try file.read(number, into: buffer) else {
                return false
            }
            return page.fault(as: .leaf) == nil && page.node(0).map { BlindTopicKey.isWellFormed($0.key) } == true
        }
    }

    /// Where in the file the node of a branch is that leads to one of its children.
    func branchNode(_ number: UInt64, childIndex: Int) throws -> Int {
        let file = try IndexPageFile(path: indexPath)
        let buffer = file.makeBuffer()
        defer { buffer.deallocate() }
        let page = try #require(try file.read(number, into: buffer))
        return Int(number) * file.pageBytes + (try #require(page.node(childIndex))).offset
    }

    /// Salvages, opens what that made, and checks that it is sound; returns what it holds.
    func salvage(
        observer: (RetainedStore.SalvageMoment) -> Void = { _ in }
    ) throws -> (report: SalvageReport, found: [String: String]) {
        let options = fixture.options()
        let report = try RetainedStore.salvage(
            options,
            masterKey: fixture.masterKey,
            nowSeconds: 1_000,
            observer: observer
        )
        return (report, try openSalvaged())
    }

    /// What the store holds, which must open, take messages and be sound.
    func openSalvaged(_ name: String = "store") throws -> [String: String] {
        let options = fixture.options(name)
        let store = try RetainedStore.open(options, masterKey: fixture.masterKey)
        let found = try store.makeReader().scan("#")
        store.waitUntilDurable(try store.makeWriter().set("after/salvage", "1"))
        try store.close()
        let verification = try RetainedStore.verify(options, masterKey: fixture.masterKey, nowSeconds: 1_000)
        #expect(verification.isSound, "\(verification.damage)")
        #expect(verification.setCount == UInt64(found.count) + 1)
        #expect(try RetainedStore.verify(options, masterKey: nil, nowSeconds: 1_000).isSound)
        return found
    }

    /// The topics that a salvaged store has other than they were.
    func differences(_ found: [String: String]) -> [String] {
        Set(found.keys).union(retained.keys).filter { found[$0] != retained[$0] }.sorted()
    }
}

private struct ValueNotInUse: Error {}

import Testing

@testable import RetainedStore

/// Damage to LMDB's pages that reads well, and that whoever goes on writing, or looks for one topic, would suffer from.
@Suite struct IndexStructureTests {
    /// A way of damaging the index of the fixture store.
    struct Harm: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var offset: Int
        var byte: UInt8
        /// What is said to be wrong.
        var field: String
    }

    private static let page = 4_096

    /// In the index of the fixture store, page 15 is the list of free pages, page 2 has the databases, page 13 is the root of
    /// `retained`, pages 11 and 12 are its leaves.
    static let harms = [
        Harm(
            testDescription: "a page of a tree in the list of free ones",
            offset: 15 * page + 3_992 + 16 + 8,
            byte: 13,
            field: "page"
        ),
        Harm(
            testDescription: "a page twice in the list of free ones",
            offset: 15 * page + 3_992 + 16 + 16,
            byte: 10,
            field: "free page"
        ),
        Harm(
            testDescription: "more free pages than there are",
            offset: 15 * page + 3_992 + 16,
            byte: 5,
            field: "number of free pages"
        ),
        Harm(testDescription: "a last page before the last one", offset: 136, byte: 14, field: "page"),
        Harm(testDescription: "a last page far behind the file", offset: 136 + 4, byte: 1, field: "last page"),
        Harm(testDescription: "a last page behind the file", offset: 136 + 1, byte: 1, field: "last page"),
        Harm(testDescription: "a transaction of the other page", offset: 144, byte: 5, field: "transaction"),
        Harm(testDescription: "a map at a fixed address", offset: 44, byte: 9, field: "flags of LMDB's"),
        Harm(
            testDescription: "keys from right to left",
            offset: 2 * page + 4_032 + 16 + 4,
            byte: 2,
            field: "flags of a database"
        ),
        Harm(
            testDescription: "a count that is wrong",
            offset: 2 * page + 4_032 + 16 + 16,
            byte: 3,
            field: "leaf pages"
        ),
        Harm(
            testDescription: "more records than can be",
            offset: 2 * page + 4_048 + 39,
            byte: 0x80,
            field: "records"
        ),
        Harm(
            testDescription: "a key that sends the search elsewhere",
            offset: 13 * page + 4_046 + 9,
            byte: 0,
            field: "key"
        ),
        Harm(
            testDescription: "a page that LMDB takes for one in memory",
            offset: 11 * page + 10,
            byte: 18,
            field: "page flags"
        ),
        Harm(testDescription: "less room than there is", offset: 12 * page + 14, byte: 0x88, field: "node"),
        Harm(testDescription: "room where a record is", offset: 12 * page + 14, byte: 0xA8, field: "node"),
    ]

    @Test("S3: what only a writer or a search would suffer from is found all the same", arguments: harms)
    func harm(_ harm: Harm) throws {
        let directory = TemporaryDirectory()
        let path = directory.file("store")
        try FixtureStore.copy(to: path)
        let index = path + "/index/data.mdb"
        var bytes = FileBytes.read(index)
        try #require(bytes[harm.offset] != harm.byte)
        bytes[harm.offset] = harm.byte
        FileBytes.write(bytes, to: index)
        for key in [nil, try FixtureStore.masterKey.get()] {
            let report = try RetainedStore.verify(FixtureStore.options(path), masterKey: key, nowSeconds: 1)
            #expect(report.damage.first?.field == harm.field, "\(report.damage)")
            #expect(report.damage.first?.file == index)
        }
    }

    @Test("What LMDB leaves after many changes, values of several pages, clears and a compaction is sound")
    func sound() throws {
        let fixture = try StoreFixture()
        let store = try fixture.open()
        let writer = try store.makeWriter()
        var random = SeededGenerator(seed: Seed.value)
        for round in 0..<12 {
            for number in 0..<200 where Int.random(in: 0..<3, using: &random) > 0 {
                let topic = "n/\(number % 7)/\(number)"
                if Int.random(in: 0..<3, using: &random) == 0 {
                    try writer.clear(topic)
                } else {
                    let bytes = Int.random(in: 1..<[60, 3_000, 20_000][round % 3], using: &random)
                    try writer.set(topic, String(repeating: "x", count: bytes))
                }
            }
            try store.checkpoint()
            if round == 8 { _ = try store.compact(isPaced: false) }
            let structure = try IndexStructure(path: fixture.path() + "/index/data.mdb")
            try structure.walk()
            #expect(structure.isReadable && structure.damage.isEmpty, "\(structure.damage.prefix(3))")
        }
        try store.close()
    }
}

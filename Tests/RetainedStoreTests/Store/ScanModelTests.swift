import Synchronization
import Testing

@testable import RetainedStore

@Suite struct ScanModelTests {
    @Test(
        "Gets and scans agree with a plain model through random histories, checkpoints and reopenings",
        arguments: 0..<8
    )
    func randomHistory(number: Int) throws {
        let seed = Seed.value &+ UInt64(number)
        let fixture = try StoreFixture()
        fixture.limits.checkpointEntries = number % 2 == 0 ? 40 : 1_000
        fixture.limits.dirtyPagesMax = 4
        var topics = RandomTopics(seed: seed)
        var model = StoreModel()
        var store = try fixture.open()
        var writer = try store.makeWriter()
        var reader = try store.makeReader()
        for round in 0..<60 {
            let batch = topics.batch(upTo: 30)
            try writer.commit(batch)
            for (topic, payload) in batch { model.apply(topic, payload) }
            switch Int.random(in: 0..<12, using: &topics.random) {
            case 0: try store.checkpoint()
            case 1:
                try store.close()
                store = try fixture.open()
                writer = try store.makeWriter()
                reader = try store.makeReader()
            default: break
            }
            var limits = ScanLimits()
            limits.recordsMax = Int.random(in: 1...20, using: &topics.random)
            limits.seeksMax = Int.random(in: 1...20, using: &topics.random)
            for filter in [topics.filter(), "#", "$x/#", "+/+"] {
                let found = try reader.scan(filter, limits: limits)
                #expect(found == model.scan(filter), "seed \(seed), round \(round), filter \(filter)")
            }
            let topic = topics.topic()
            #expect(try reader.get(topic) == model.retained[topic], "seed \(seed), round \(round), topic \(topic)")
        }
        #expect(store.statistics.indexCount <= UInt64(model.retained.count + 200))
        try store.checkpoint()
        #expect(store.statistics.indexCount == UInt64(model.retained.count))
        try store.close()
        let report = try RetainedStore.verify(fixture.options(), masterKey: fixture.masterKey, nowSeconds: 1)
        #expect(report.isSound, "seed \(seed): \(report.damage)")
        #expect(report.setCount == UInt64(model.retained.count))
    }

    /// The live stream has the newer value, and may have delivered it: the older one must not follow (R1).
    @Test("A scan hands out no older value of what got one that is too new for it, wherever the older one lies")
    func newerValuesHideOlderOnes() throws {
        let fixture = try StoreFixture()
        let opened = Mutex<RetainedStore?>(nil)
        let scanned = Collected<[String: String]>()
        /// Scans up to now after something newer has come.
        let scan: @Sendable (_ newer: (String, String)) throws -> Void = { newer in
            guard let store = opened.withLock({ $0 }) else { return }
            let version = store.withOrder { $0 }
            try store.makeWriter().commit([newer])
            scanned.append(try store.makeReader().scan("#", upToVersion: version))
        }
        let store = try fixture.open { moment in
            guard case .overlayFrozen = moment else { return }
            do { try scan(("b", "2")) } catch { Issue.record(error) }
        }
        try store.makeWriter().commit([("a", "1"), ("b", "1"), ("c", "1")])
        opened.withLock { $0 = store }
        // The older value lies in the overlay that a checkpoint has frozen, …
        try store.checkpoint()
        // … in the index, hidden by a key that is new to the overlay, …
        opened.withLock { $0 = nil }
        try store.checkpoint()
        opened.withLock { $0 = store }
        try scan(("a", "2"))
        // … or in the index, hidden by a key that was in the overlay already.
        try scan(("a", "3"))
        #expect(scanned.all == [["a": "1", "c": "1"], ["b": "2", "c": "1"], ["b": "2", "c": "1"]])
    }

    @Test("A scan with a limit of one still ends, and hands out each topic once")
    func smallestSlices() throws {
        let fixture = try StoreFixture()
        let store = try fixture.open()
        let writer = try store.makeWriter()
        try writer.commit((0..<50).map { ("t/\($0)/x", "\($0)") })
        try store.checkpoint()
        try writer.commit((40..<90).map { ("t/\($0)/x", "new \($0)") })
        var limits = ScanLimits()
        limits.recordsMax = 1
        limits.bytesMax = 1
        limits.seeksMax = 1
        let reader = try store.makeReader()
        #expect(try reader.scan("t/+/x", limits: limits).count == 90)
        #expect(try reader.scan("+/7/x", limits: limits) == ["t/7/x": "7"])
    }

    @Test("A scan goes on from where it was while the overlay is frozen and moved into the index under it")
    func scanAcrossCheckpoints() throws {
        let fixture = try StoreFixture()
        let store = try fixture.open()
        let writer = try store.makeWriter()
        try writer.commit((0..<500).map { ("t/\($0)", "\($0)") })
        var limits = ScanLimits()
        limits.recordsMax = 50
        let reader = try store.makeReader()
        var batches = 0
        let found = try reader.scan("t/+", upToVersion: 500, limits: limits) {
            batches += 1
            try writer.set("later/\(batches)", "x")
            try store.checkpoint()
        }
        #expect(found.count == 500)
        #expect(batches >= 9)
    }

    @Test("Expired messages are none, for a get and for a scan")
    func expiry() throws {
        let fixture = try StoreFixture()
        let store = try fixture.open()
        let writer = try store.makeWriter()
        try writer.set("t/1", "soon", expirySeconds: 100)
        try writer.set("t/2", "never")
        let reader = try store.makeReader()
        for _ in 0..<2 {
            #expect(try reader.get("t/1", now: 99) == "soon")
            #expect(try reader.get("t/1", now: 100) == nil)
            #expect(try reader.scan("#", now: 99).count == 2)
            #expect(try reader.scan("#", now: 100) == ["t/2": "never"])
            try store.checkpoint()
        }
    }

    @Test("What is no filter matches nothing")
    func notAFilter() throws {
        let fixture = try StoreFixture()
        let store = try fixture.open()
        try store.makeWriter().set("a", "1")
        let reader = try store.makeReader()
        for filter in ["a#", "#/a", "a+", ""] { #expect(try reader.scan(filter).isEmpty) }
    }
}

import Glibc
import Testing

@testable import RetainedStore

@Suite struct JournalFailureTests {
    @Test(
        "D2: after a failed write or sync nothing is acknowledged, until the store is opened again",
        arguments: [FaultyDisk.Operation.write, .sync]
    )
    func poisoned(operation: FaultyDisk.Operation) throws {
        let fixture = try StoreFixture()
        try fixture.open().close()
        let disk = FaultyDisk()
        let store = try fixture.open(disk: disk)
        let failures = Collected<StoreError>()
        store.onProgress { progress in
            if case .failed(let error) = progress { failures.append(error) }
        }
        let writer = try store.makeWriter()
        store.waitUntilDurable(try writer.set("t", "1"))
        disk.refuse(operation, EIO)
        let lsn = try writer.set("t", "2")
        #expect(store.waitUntilDurable(lsn) == nil)
        // The disk is well again; the store does not believe it.
        disk.refuse(operation, nil)
        var calls = 0
        #expect(throws: StoreError.self) { try writer.commit([("t", "3")]) { _ in calls += 1 } }
        #expect(calls == 0)
        #expect(throws: StoreError.self) { try store.checkpoint() }
        #expect(store.durableLSN == 1)
        #expect(throws: StoreError.self) { try store.close() }
        // The journal thread reports what it has noted already; it has ended by now.
        #expect(failures.all.count == 1)

        let again = try fixture.open()
        let value = try again.makeReader().get("t")
        #expect(value == "1" || value == "2")
        store.waitUntilDurable(try again.makeWriter().set("t", "4"))
        #expect(try again.makeReader().get("t") == "4")
    }

    @Test("D1, D2: whatever operation is the first to fail, what was acknowledged is there afterwards")
    func everyOperation() throws {
        var failAfter = 0
        var isSurvivor = false
        while !isSurvivor {
            let fixture = try StoreFixture()
            // A segment holds about nine of these messages: preparing, renaming and recycling segments fail too.
            fixture.limits.segmentBytes = 16 << 10
            fixture.limits.groupBytesMax = 8 << 10
            try fixture.open().close()
            let disk = FaultyDisk()
            let store = try fixture.open(disk: disk)
            disk.refuseEverything(after: failAfter)
            var acknowledged = 0
            do {
                let writer = try store.makeWriter()
                for number in 1...30 {
                    let lsn = try writer.set("t", "\(number) " + String(repeating: "z", count: 1_000))
                    guard store.waitUntilDurable(lsn) != nil else { break }
                    acknowledged = number
                    if number == 15 { try? store.checkpoint() }
                }
            } catch {
                #expect(error is StoreError)
            }
            isSurvivor = acknowledged == 30
            try? store.close()
            let value = try fixture.open().makeReader().get("t")
            let recovered = value.flatMap { Int($0.prefix { $0 != " " }) } ?? 0
            #expect(recovered >= acknowledged, "after \(failAfter) operations")
            failAfter += 1
        }
        #expect(failAfter > 30)
    }
}

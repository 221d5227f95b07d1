import Glibc
import RetainedStore
import Testing

@testable import LatchCommands

/// What the doctor makes of the disk below a store.
@Suite struct DiskCheckTests {
    /// 100 GiB with 9 % free, 2 GiB with half of it free but less than one, nothing free.
    private static let nearlyFull: [(UInt64, UInt64)] = [
        (9 << 30, 100 << 30), ((1 << 30) - 1, 2 << 30), (0, 1 << 40),
    ]

    @Test(arguments: nearlyFull)
    func aDiskThatIsNearlyFullIsAProblem(free: UInt64, total: UInt64) throws {
        let found = try #require(DiskCheck.room("/data", freeBytes: free, totalBytes: total).first)
        #expect(found.severity == .problem && found.finding.contains("/data is nearly full"))
        #expect(found.remedy?.contains("persistence_location") == true)
    }

    @Test func roomEnoughIsFine() {
        let found = DiskCheck.room("/data", freeBytes: 10 << 30, totalBytes: 100 << 30)
        #expect(found == [.fine("disk", "10,240 MiB free, 10 %")])
    }

    @Test func aSyncFasterThanAnyDiskIsAWarning() throws {
        let found = try #require(DiskCheck.sync("/data", fastestNanoseconds: 2_000).first)
        #expect(found.severity == .warning && found.finding.contains("2 µs in /data, which no disk does"))
        #expect(found.remedy?.contains("eatmydata") == true)
        #expect(DiskCheck.sync("/data", fastestNanoseconds: 15_000).first?.severity == .fine)
    }

    @Test func aPolicyThatLosesIsAWarning() throws {
        let directory = try TemporaryDirectory()
        func durability(_ sync: SyncPolicy) -> [Finding] {
            DiskCheck(directory: directory.path, sync: sync).findings().filter { $0.subject == "durability" }
        }
        #expect(durability(.always).isEmpty)
        #expect(durability(.none).map(\.severity) == [.warning])
        #expect(durability(.none).first?.remedy?.contains("persistence_sync always") == true)
    }
}

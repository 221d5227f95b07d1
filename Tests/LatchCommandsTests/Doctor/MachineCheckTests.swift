import RetainedStore
import Testing

@testable import LatchCommands

/// What the doctor makes of a machine's readings.
@Suite struct MachineCheckTests {
    private static let sound = MachineCheck.Readings(
        openFiles: 65_536,
        lockedBytes: 64 << 20,
        addressBytes: .max,
        clockSeconds: 1_800_000_000
    )

    private func finding(_ subject: String, _ edit: (inout MachineCheck.Readings) -> Void) throws -> Finding {
        var readings = Self.sound
        edit(&readings)
        let findings = MachineCheck.findings(readings)
        // Nothing else is made of the one change.
        #expect(findings.filter { $0.subject != subject }.allSatisfy { $0.severity == .fine })
        return try #require(findings.first { $0.subject == subject })
    }

    @Test func aSoundMachineIsFine() {
        let findings = MachineCheck.findings(Self.sound)
        #expect(findings.map(\.severity) == [.fine, .fine, .fine, .fine])
        #expect(findings.map(\.subject) == ["open files", "locked memory", "address space", "clock"])
        #expect(findings.allSatisfy { $0.remedy == nil })
    }

    @Test func fewOpenFilesAreAWarning() throws {
        let found = try finding("open files") { $0.openFiles = 1_024 }
        #expect(found.severity == .warning && found.finding.contains("1024"))
        #expect(found.remedy?.contains("LimitNOFILE=65536") == true)
        #expect(try finding("open files") { $0.openFiles = 4_096 }.severity == .fine)
        #expect(try finding("open files") { $0.openFiles = 4_095 }.severity == .warning)
    }

    @Test func littleLockedMemoryIsAWarning() throws {
        let found = try finding("locked memory") { $0.lockedBytes = 64 << 10 }
        #expect(found.severity == .warning && found.finding.contains("64 KiB") && found.finding.contains("swapped"))
        #expect(found.remedy?.contains("LimitMEMLOCK=64M") == true)
        #expect(try finding("locked memory") { $0.lockedBytes = .max }.finding == "unlimited")
    }

    @Test func fewerAddressesThanTheMapTakesAreAProblem() throws {
        let mapBytes = UInt64(StoreLimits().mapBytes)
        for bytes in [4 << 30, mapBytes, 2 * mapBytes - 1] {
            let found = try finding("address space") { $0.addressBytes = bytes }
            #expect(found.severity == .problem && found.finding.contains("\(mapBytes >> 30) GiB"))
            #expect(found.remedy == "ulimit -v unlimited")
        }
        #expect(try finding("address space") { $0.addressBytes = 2 * mapBytes }.severity == .fine)
    }

    @Test func aClockThatIsBehindIsAProblem() throws {
        // 1970, and a year before this program.
        for seconds in [0, 1_735_689_600] {
            let found = try finding("clock") { $0.clockSeconds = seconds }
            #expect(found.severity == .problem && found.remedy?.contains("time service") == true)
        }
    }
}

import Broker
import Glibc
import Logging
import Mosquitto
import Synchronization
import Testing

@testable import LatchCommands

/// Where events are written.
@Suite struct AuditLogTests {
    private let directory: TemporaryDirectory
    private let output: LogOutput

    init() throws {
        directory = try TemporaryDirectory()
        output = try LogOutput(destinations: [.file(directory.file("log"))], timestamp: .none)
    }

    private var logger: Logger {
        Logger(label: "latch") { [output] _ in MosquittoLogHandler(output: output, types: .standard) }
    }

    private func settings(_ text: String) throws -> AuditSettings {
        try MosquittoConfiguration.parse(Array("listener 1\n\(text)\n".utf8), name: "mosquitto.conf").audit
    }

    @Test func withoutALineThereIsNone() throws {
        #expect(try AuditLog(settings(""), logger: logger) == nil)
        #expect(try AuditLog(settings("audit_dest none"), logger: logger) == nil)
    }

    @Test(arguments: [("text", "event=reload"), ("json", #"{"event":"reload"}"#)])
    func intoTheLog(format: String, line: String) throws {
        let audit = try #require(try AuditLog(settings("audit_dest log\naudit_format \(format)"), logger: logger))
        audit.write(AuditEvent(.reload))
        #expect(directory.text("log") == "audit: \(line)\n")
    }

    @Test func intoAFileThatOthersCannotRead() throws {
        let path = directory.file("audit")
        let mask = umask(0)
        defer { umask(mask) }
        let audit = try #require(try AuditLog(settings("audit_dest file \(path)"), logger: logger))
        audit.write(AuditEvent(.login).with("client", "a\nb"))
        #expect(try directory.mode("audit") == 0o600)
        let line = directory.text("audit")
        #expect(
            line.wholeMatch(of: /time=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z event=login client="a\\u000ab"\n/) != nil,
            "\(line)"
        )
        #expect(directory.text("log").isEmpty)
    }

    @Test func aFileThatWasMovedAwayIsBegunAnew() throws {
        let path = directory.file("audit")
        let audit = try AuditLog(.file(path: path), format: .json, logger: logger)
        audit.write(AuditEvent(.start))
        try #require(rename(path, path + ".1") == 0)
        audit.write(AuditEvent(.reload))
        audit.reopen()
        audit.write(AuditEvent(.stop))
        #expect(directory.text("audit.1").split(separator: "\n").count == 2)
        #expect(directory.text("audit").contains(#""event":"stop"}"#))
        #expect(directory.text("audit").split(separator: "\n").count == 1)
    }

    @Test func aFileThatCannotBeOpenedIsNamed() throws {
        let path = directory.file("none/audit")
        let failure = #expect(throws: CommandFailure.self) {
            try AuditLog(.file(path: path), format: .text, logger: logger)
        }
        #expect(failure?.status == .configuration)
        #expect(failure?.description.contains(path) == true)
        // A link may lead anywhere.
        try #require(symlink(directory.file("elsewhere"), directory.file("link")) == 0)
        #expect(throws: CommandFailure.self) {
            try AuditLog(.file(path: directory.file("link")), format: .text, logger: logger)
        }
    }

    @Test func whatCannotBeWrittenIsToldOnce() throws {
        let audit = try AuditLog(.file(path: "/dev/full"), format: .text, logger: logger)
        for _ in 0..<3 { audit.write(AuditEvent(.login)) }
        #expect(directory.text("log") == "Error: the audit trail cannot be written: No space left on device\n")
    }

    @Test(arguments: ["audit_dest file", "audit_dest syslog", "audit_format xml", "audit_dest log\naudit_dest none"])
    func whatIsNoDestinationIsRefused(lines: String) {
        #expect(throws: MosquittoFileError.self) { try settings(lines) }
    }
}

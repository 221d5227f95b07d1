import Glibc
import Logging
import Mosquitto
import Testing

@testable import LatchCommands

/// The form of log lines, and log files that are moved away.
@Suite struct LogOutputTests {
    private func line(_ timestamp: LogOutput.Timestamp) throws -> String {
        let directory = try TemporaryDirectory()
        let output = try LogOutput(destinations: [.file(directory.file("log"))], timestamp: timestamp)
        output.write("a message", syslogPriority: LOG_INFO)
        return directory.text("log")
    }

    @Test func secondsSince1970AreTheDefault() throws {
        let before = time(nil)
        let parts = try line(.seconds).split(separator: ":", maxSplits: 1)
        let seconds = try #require(parts.first.flatMap { Int($0) })
        #expect((before...time(nil)).contains(seconds))
        #expect(parts.last == " a message\n")
    }

    @Test func withoutTimestamp() throws {
        #expect(try line(.none) == "a message\n")
    }

    @Test func aNameCannotBeginALine() throws {
        let directory = try TemporaryDirectory()
        let output = try LogOutput(destinations: [.file(directory.file("log"))], timestamp: .none)
        output.write("client a\r\n1: Client b\u{85}é\u{2028}\u{2029}\u{202E}", syslogPriority: LOG_INFO)
        #expect(directory.text("log") == "client a\\xd\\xa1: Client b\\x85é\\x2028\\x2029\\x202e\n")
    }

    @Test func aFormatOfOurOwn() throws {
        let line = try line(.format("%Y-%m-%dT%H:%M:%S"))
        #expect(line.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d: a message\n/) != nil, "\(line)")
    }

    @Test func aFileThatWasMovedAwayIsBegunAnew() throws {
        let directory = try TemporaryDirectory()
        let output = try LogOutput(destinations: [.file(directory.file("log"))], timestamp: .none)
        output.write("one", syslogPriority: LOG_INFO)
        try #require(rename(directory.file("log"), directory.file("log.1")) == 0)
        output.write("two", syslogPriority: LOG_INFO)
        output.reopen()
        output.write("three", syslogPriority: LOG_INFO)
        #expect(directory.text("log.1") == "one\ntwo\n")
        #expect(directory.text("log") == "three\n")
    }

    @Test func aFileThatCannotBeOpenedIsNamed() throws {
        let directory = try TemporaryDirectory()
        let failure = #expect(throws: CommandFailure.self) {
            try LogOutput(destinations: [.file(directory.file("none/log"))], timestamp: .none)
        }
        #expect(failure?.status == .configuration)
        #expect(failure?.description.contains(directory.file("none/log")) == true)
    }

    @Test func quietMeansNowhere() throws {
        let directory = try TemporaryDirectory()
        let text = "log_dest file \(directory.file("log"))\n"
        let settings = try MosquittoConfiguration.parse(Array(text.utf8), name: "m").log
        let output = try LogOutput(settings: settings, isQuiet: true)
        output.write("one", syslogPriority: LOG_INFO)
        #expect(directory.text("log").isEmpty)
    }
}

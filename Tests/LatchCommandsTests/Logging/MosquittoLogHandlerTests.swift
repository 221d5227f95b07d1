import Broker
import Logging
import Mosquitto
import Testing

@testable import LatchCommands

/// Which messages `log_type` lets through, and what stands before them.
@Suite struct MosquittoLogHandlerTests {
    private func lines(_ types: MosquittoLogHandler.Types) throws -> [String] {
        let directory = try TemporaryDirectory()
        let output = try LogOutput(destinations: [.file(directory.file("log"))], timestamp: .none)
        let logger = Logger(label: "test") { _ in MosquittoLogHandler(output: output, types: types) }
        for level in Logger.Level.allCases { logger.log(level: level, "\(level.rawValue)") }
        return directory.text("log").split(separator: "\n").map(String.init)
    }

    @Test func allOfThem() throws {
        let expected = ["trace", "debug", "info", "notice", "Warning: warning", "Error: error", "Error: critical"]
        #expect(try lines(.all) == expected)
    }

    @Test func mosquittosDefaultLeavesOutDebug() throws {
        #expect(
            try lines(.standard) == ["info", "notice", "Warning: warning", "Error: error", "Error: critical"]
        )
    }

    @Test(arguments: [
        (MosquittoLogHandler.Types.subscribe, ["subscribed"]),
        (MosquittoLogHandler.Types.unsubscribe, ["unsubscribed"]),
        (MosquittoLogHandler.Types.debug, ["plain"]),
        (MosquittoLogHandler.Types.standard, []),
    ])
    func subscriptionsHaveTypesOfTheirOwn(types: MosquittoLogHandler.Types, expected: [String]) throws {
        let directory = try TemporaryDirectory()
        let output = try LogOutput(destinations: [.file(directory.file("log"))], timestamp: .none)
        let logger = Logger(label: "test") { _ in MosquittoLogHandler(output: output, types: types) }
        logger.debug("plain")
        logger.debug("subscribed", metadata: [LogKind.metadataKey: "subscribe"])
        logger.debug("unsubscribed", metadata: [LogKind.metadataKey: "unsubscribe"])
        #expect(directory.text("log").split(separator: "\n").map(String.init) == expected)
    }

    @Test(arguments: [
        ("log_type error", MosquittoLogHandler.Types.error),
        ("log_type all", MosquittoLogHandler.Types.all),
        ("log_type none", MosquittoLogHandler.Types()),
        ("log_type warning\nlog_type notice", MosquittoLogHandler.Types.warning.union(.notice)),
        ("", MosquittoLogHandler.Types.standard),
    ])
    func fromTheConfiguration(text: String, types: MosquittoLogHandler.Types) throws {
        let settings = try MosquittoConfiguration.parse(Array(text.utf8), name: "m").log
        #expect(MosquittoLogHandler.Types(settings.types) == types)
    }
}

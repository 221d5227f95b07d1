import ArgumentParser
import Glibc
import MQTTWire
import Mosquitto

/// `latch retained get`: what a message says.
struct RetainedGetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "get",
        abstract: "Print a retained message.",
        discussion: """
            Without --json: the payload of one topic, byte for byte; on a terminal with a line end behind it. With \
            --json: an object a line, for every message that the filter matches, in the form of latch export, as they are found.

            Exit codes: 0 printed, 1 command line, or there is no such message.
            """
    )

    @OptionGroup var place: RetainedPlace

    @Argument(help: "A topic; with --json, a topic filter.", transform: MessageSelection.filter)
    var filter: TopicFilter

    @Flag(help: "One JSON object a line.")
    var json = false

    func validate() throws {
        if filter.hasWildcard, !json { throw ValidationError("one topic without + and #; with --json, a filter") }
    }

    func run() throws {
        let output = try OutputFile(nil)
        let count = try place.perform(.get, filter) { (item) throws(CommandFailure) in
            guard let record = item.message else { return }
            if json {
                try output.write(record.line + [UInt8(ascii: "\n")])
            } else {
                let end = isatty(STDOUT_FILENO) == 1 ? [UInt8(ascii: "\n")] : []
                try output.write((record.message?.payload ?? []) + end)
            }
        }
        try output.finish()
        guard count > 0 else { throw CommandFailure(.usage, "there is no retained message of this topic") }
    }
}

import ArgumentParser
import MQTTWire
import Mosquitto

/// `latch retained ls`: which messages there are.
struct RetainedListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls",
        abstract: "List retained messages, without what they say."
    )

    @OptionGroup var place: RetainedPlace

    @Argument(help: "A topic filter.", transform: MessageSelection.filter)
    var filter: TopicFilter = "#"

    @Flag(help: "One JSON object a line.")
    var json = false

    func run() throws {
        let lines = try place.sorted(.list, filter, by: \.topic) { $0.line }
        if json {
            for line in lines { print(line.json) }
        } else {
            print(RetainedLine.table(lines))
        }
    }
}

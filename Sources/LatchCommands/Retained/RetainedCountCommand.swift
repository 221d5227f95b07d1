import ArgumentParser
import MQTTWire
import Mosquitto

/// `latch retained count`: how many messages there are.
struct RetainedCountCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "count", abstract: "Count retained messages.")

    @OptionGroup var place: RetainedPlace

    @Argument(help: "A topic filter.", transform: MessageSelection.filter)
    var filter: TopicFilter = "#"

    @Flag(help: "A JSON object.")
    var json = false

    func run() throws {
        let count = try place.perform(.count, filter)
        print(json ? #"{"count":\#(count)}"# : "\(count)")
    }
}

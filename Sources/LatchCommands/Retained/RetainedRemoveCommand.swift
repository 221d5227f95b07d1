import ArgumentParser
import MQTTWire
import Mosquitto

/// `latch retained rm`: clears topics.
struct RetainedRemoveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rm",
        abstract: "Clear retained messages.",
        discussion: """
            Prints the topics that are cleared. A filter with + or # wants --yes; look with --dry-run first. Clearing is \
            not erasing: until it is overwritten, the sealed message stays on the disk, readable for who has the key.
            """
    )

    @OptionGroup var place: RetainedPlace

    @Argument(help: "A topic filter.", transform: MessageSelection.filter)
    var filter: TopicFilter

    @Flag(help: "Say what would be cleared, and clear nothing.")
    var dryRun = false

    @Flag(help: "Clear everything that a filter with + or # matches.")
    var yes = false

    func validate() throws {
        if filter.hasWildcard, !yes, !dryRun {
            throw ValidationError("the filter may match many topics: look with --dry-run, then say --yes")
        }
    }

    func run() throws {
        let topics =
            dryRun
            ? try place.sorted(.list, filter, by: \.self) { $0.line?.topic }
            : try place.sorted(.remove, filter, by: \.self) { $0.topic }
        for topic in topics { print(topic) }
        StandardError.writeLine("latch: \(topics.count) messages \(dryRun ? "would be" : "were") cleared")
    }
}

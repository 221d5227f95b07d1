import Mosquitto

/// NDJSON, one ``MessageRecord`` a line.
struct RecordSink: MessageSink {
    let file: OutputFile

    mutating func take(_ message: RetainedMessage) throws(CommandFailure) {
        guard let record = MessageRecord(message) else {
            throw CommandFailure(
                .damagedStore,
                "a message of the store has a topic that is not UTF-8; run latch verify on it"
            )
        }
        try file.write(record.line + [UInt8(ascii: "\n")])
    }

    mutating func finish() throws(CommandFailure) { try file.finish() }
}

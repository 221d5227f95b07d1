import Mosquitto

/// Messages that were read as a whole: a dump, a live broker's retained set.
struct ListedSource: MessageSource {
    let name: String
    var damage: [String] = []
    var notes: [String] = []
    let items: [SourceItem]

    func forEach(_ body: (SourceItem) throws(CommandFailure) -> Void) throws(CommandFailure) {
        for item in items { try body(item) }
    }

    /// What `mosquitto_db_dump --json` printed.
    static func dump(json: [UInt8], place: String) throws(CommandFailure) -> ListedSource {
        do throws(MosquittoFileError) {
            let dump = try MosquittoDump(json: json, file: place)
            return ListedSource(
                name: "dump of a mosquitto.db, \(place)",
                items: dump.messages.enumerated().map { index, message in
                    message.map { .message($0) } ?? .unreadable("message \(index + 1): malformed properties")
                }
            )
        } catch {
            throw CommandFailure(.configuration, "\(error)")
        }
    }
}

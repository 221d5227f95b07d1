import Mosquitto

/// The store of mosquitto's persist-sqlite plugin.
struct SQLiteSource: MessageSource {
    let path: String
    var name: String { "store of mosquitto's persist-sqlite plugin, \(path)" }
    let damage: [String] = []
    let notes: [String] = []

    func forEach(_ body: (SourceItem) throws(CommandFailure) -> Void) throws(CommandFailure) {
        do {
            let store = try SQLiteStore(path: path)
            var number = 0
            try store.forEach { message in
                number += 1
                try body(message.map { .message($0) } ?? .unreadable("message \(number): malformed properties"))
            }
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            throw CommandFailure(.inputOutput, "\(error)")
        }
    }
}

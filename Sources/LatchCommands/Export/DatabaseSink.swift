import Mosquitto

/// A mosquitto.db of version 6.
struct DatabaseSink: MessageSink {
    private let file: OutputFile
    private var lastStoreID: UInt64 = 0

    init(_ file: OutputFile) throws(CommandFailure) {
        self.file = file
        try file.write(DatabaseEncoder.header(lastStoreID: 0))
    }

    mutating func take(_ message: RetainedMessage) throws(CommandFailure) {
        lastStoreID += 1
        try file.write(DatabaseEncoder.baseMessage(message, storeID: lastStoreID))
    }

    mutating func finish() throws(CommandFailure) {
        // As mosquitto writes them: the marks behind all messages.
        for storeID in 0..<lastStoreID { try file.write(DatabaseEncoder.retain(storeID: storeID + 1)) }
        try file.overwriteStart(DatabaseEncoder.header(lastStoreID: lastStoreID))
        try file.finish()
    }
}

import Mosquitto

@testable import LatchCommands

extension ServeSettings {
    /// The settings that the text of a mosquitto.conf asks for.
    init(text: String, ports: [UInt16] = []) throws {
        let file = try MosquittoConfiguration.parse(Array(text.utf8), name: "mosquitto.conf")
        try self.init(file, path: "mosquitto.conf", ports: ports)
    }
}

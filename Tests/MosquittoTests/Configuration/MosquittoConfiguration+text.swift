import Mosquitto

extension MosquittoConfiguration {
    /// The configuration that these lines say, in a file called `FILE`.
    static func of(_ lines: String..., environment: [String: String] = [:]) throws -> MosquittoConfiguration {
        try parse(Array(lines.joined(separator: "\n").utf8), name: "FILE") { environment[$0] }
    }

    /// The first listener, for lines that have one.
    var onlyListener: MosquittoListener? { listeners.count == 1 ? listeners[0] : nil }
}

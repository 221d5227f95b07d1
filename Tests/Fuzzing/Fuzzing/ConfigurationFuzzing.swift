import Mosquitto

/// The files that mosquitto's administrators write.
enum ConfigurationFuzzing {
    static func readConfiguration(_ bytes: UnsafeRawBufferPointer) {
        // An included folder would be read from this machine.
        let include = Array("include_dir".utf8)
        guard !bytes.indices.contains(where: { bytes[$0...].starts(with: include) }) else { return }
        _ = try? MosquittoConfiguration.parse(Array(bytes), name: "mosquitto.conf")
    }

    static func readAccessControl(_ bytes: UnsafeRawBufferPointer) {
        guard let file = try? AccessControlFile.parse(Array(bytes), name: "aclfile") else { return }
        precondition(file.source.allSatisfy { $0.line > 0 }, "a rule without a line")
    }
}

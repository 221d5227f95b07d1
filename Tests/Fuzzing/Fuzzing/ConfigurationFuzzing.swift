import Mosquitto

/// mosquitto.conf.
enum ConfigurationFuzzing {
    static func read(_ bytes: UnsafeRawBufferPointer) {
        // An included directory would be read from this machine.
        let include = Array("include_dir".utf8)
        guard !bytes.indices.contains(where: { bytes[$0...].starts(with: include) }) else { return }
        do throws(MosquittoFileError) {
            let configuration = try MosquittoConfiguration.parse(Array(bytes), name: "mosquitto.conf")
            precondition(!configuration.listeners.isEmpty, "a configuration that listens nowhere")
        } catch {
            precondition(!error.problem.isEmpty, "an error that does not say what is wrong")
        }
    }
}

/// Something that reads bytes which anybody may have written.
enum FuzzTarget: String, CaseIterable {
    case packets, websocket, filters, configuration, access, journal

    // libFuzzer calls from the thread that set it, before anything else runs.
    nonisolated(unsafe) static var current = FuzzTarget.packets

    /// Reads an input; what is wrong with it is an error, whatever it is, and never a trap or a wrong answer.
    func read(_ bytes: UnsafeRawBufferPointer) {
        switch self {
        case .packets: PacketFuzzing.read(bytes)
        case .websocket: WebSocketFuzzing.read(bytes)
        case .filters: FilterFuzzing.read(bytes)
        case .configuration: ConfigurationFuzzing.readConfiguration(bytes)
        case .access: ConfigurationFuzzing.readAccessControl(bytes)
        case .journal: JournalFuzzing.read(bytes)
        }
    }
}

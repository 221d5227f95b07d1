/// Something that reads bytes which anybody may have written.
enum FuzzTarget: String, CaseIterable {
    case packets, websocket, filters, configuration, access, journal

    nonisolated(unsafe) static var current = FuzzTarget.packets
    // libFuzzer calls from the thread that set it, before anything else runs.

    /// Reads an input; what is wrong with it is an error, whatever it is, and never a trap or a wrong answer.
    func read(_ bytes: UnsafeRawBufferPointer) {
        switch self {
        case .packets: PacketFuzzing.read(bytes)
        case .websocket: WebSocketFuzzing.read(bytes)
        case .filters: FilterFuzzing.read(bytes)
        case .configuration: ConfigurationFuzzing.read(bytes)
        case .access: AccessFuzzing.read(bytes)
        case .journal: JournalFuzzing.read(bytes)
        }
    }
}

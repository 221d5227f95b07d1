/// How a process ended.
enum Exit: Equatable, CustomStringConvertible {
    case code(Int32)
    case signal(Int32)

    /// - Parameter status: as `waitpid(2)` gives it.
    init(waitStatus status: Int32) {
        self = status & 0x7F == 0 ? .code((status >> 8) & 0xFF) : .signal(status & 0x7F)
    }

    var description: String {
        switch self {
        case .code(let code): "exit code \(code)"
        case .signal(let signal): "signal \(signal)"
        }
    }
}

internal import CLMDB
internal import CLibcrypto
internal import Glibc

extension EnvironmentError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .system(let call, let path, let errno):
            let reason = String(cString: strerror(errno))
            return if let path { "\(call) \(path): \(reason)" } else { "\(call): \(reason)" }
        case .libcrypto(let function, let code):
            guard let reason = ERR_reason_error_string(code) else { return "libcrypto: \(function) failed" }
            return "libcrypto: \(function) failed: \(String(cString: reason))"
        case .lmdb(let function, let code):
            return "\(function): \(String(cString: mdb_strerror(code)))"
        }
    }

    /// What libcrypto says of the call that just failed in this thread; empties its error queue.
    static func libcrypto(_ function: String) -> EnvironmentError {
        let code = ERR_get_error()
        ERR_clear_error()
        return .libcrypto(function: function, code: UInt(code))
    }
}

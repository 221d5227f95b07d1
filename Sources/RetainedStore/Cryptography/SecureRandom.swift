internal import CLibcrypto
internal import Glibc

/// Random bytes from the kernel, one `getrandom(2)` each time.
///
/// Nothing is kept in the process: a buffered generator would give a cloned or resumed machine the bytes that its twin
/// has used already, and nonces depend on that never happening.
enum SecureRandom {
    /// Fills the buffer.
    static func fill(_ buffer: UnsafeMutableRawBufferPointer) throws(EnvironmentError) {
        guard var next = buffer.baseAddress else { return }
        var missing = buffer.count
        while missing > 0 {
            let count = getrandom(next, missing, 0)
            if count < 0 {
                let code = errno
                if code == EINTR { continue }
                throw .system(call: "getrandom", path: nil, errno: code)
            }
            next += count
            missing -= count
        }
    }

    /// Sixteen random bytes, as identifiers and timelines are.
    static func identifier() throws(EnvironmentError) -> UInt128 {
        var identifier: UInt128 = 0
        try withUnsafeMutableBytes(of: &identifier) { buffer throws(EnvironmentError) in try fill(buffer) }
        return identifier
    }
}

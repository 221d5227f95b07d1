import Glibc

/// The broker's process, observed from outside through `/proc`: what a load costs it.
struct BrokerProcess {
    let pid: Int32

    /// Processor time used so far, in seconds, user and kernel (`/proc/PID/stat`, fields 14 and 15: proc(5)).
    func processorSeconds() throws(LoadFailure) -> Double {
        let text = try read("stat")
        // The command's name may hold anything; fields are counted behind its closing parenthesis, from field 3.
        guard let close = text.lastIndex(of: ")") else { throw .process(pid: pid, errno: EINVAL) }
        let fields = text[text.index(after: close)...].split(separator: " ")
        guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else {
            throw .process(pid: pid, errno: EINVAL)
        }
        return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    /// Anonymous memory that is resident, in bytes (`RssAnon` in `/proc/PID/status`).
    func anonymousBytes() throws(LoadFailure) -> Int {
        for line in try read("status").split(separator: "\n") where line.hasPrefix("RssAnon:") {
            let fields = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
            if fields.count == 3, let kilobytes = Int(fields[1]) { return kilobytes << 10 }
        }
        throw .process(pid: pid, errno: EINVAL)
    }

    private func read(_ name: String) throws(LoadFailure) -> String {
        let descriptor = open("/proc/\(pid)/\(name)", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .process(pid: pid, errno: errno) }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 1 << 13)
        let count = Glibc.read(descriptor, &bytes, bytes.count)
        guard count > 0 else { throw .process(pid: pid, errno: errno) }
        return String(decoding: bytes[..<count], as: UTF8.self)
    }
}

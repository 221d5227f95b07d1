import Glibc

/// Opens TCP connections for loads.
enum LoadSocket {
    /// How long a broker may take to accept or to answer before the load begins.
    static let answerSecondsMax = 10

    /// Connects, blocking; the socket has no delay for small packets, and its reads give up after ten seconds.
    static func connect(host: String, port: UInt16) throws(LoadFailure) -> Int32 {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(host, String(port), &hints, &found)
        guard status == 0, let found else {
            throw .unknownHost(host, reason: String(cString: gai_strerror(status)))
        }
        defer { freeaddrinfo(found) }
        var lastErrno: Int32 = 0
        var next: UnsafeMutablePointer<addrinfo>? = found
        while let candidate = next?.pointee {
            let descriptor = socket(
                candidate.ai_family,
                candidate.ai_socktype | Int32(SOCK_CLOEXEC.rawValue),
                candidate.ai_protocol
            )
            if descriptor >= 0 {
                if Glibc.connect(descriptor, candidate.ai_addr, candidate.ai_addrlen) == 0 {
                    prepare(descriptor)
                    return descriptor
                }
                lastErrno = errno
                close(descriptor)
            } else {
                lastErrno = errno
            }
            next = candidate.ai_next
        }
        throw .unreachable(host: host, port: port, errno: lastErrno)
    }

    private static func prepare(_ descriptor: Int32) {
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        var limit = timeval(tv_sec: answerSecondsMax, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }
}

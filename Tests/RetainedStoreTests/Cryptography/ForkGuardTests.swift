import Glibc
import Testing

@testable import RetainedStore

@Suite("A forked child")
struct ForkGuardTests {
    @Test("is noticed, and finds its parent's secrets empty")
    func child() throws {
        #expect(!ForkGuard.isInForkedChild)
        let secret = [UInt8](repeating: 0xA5, count: 32).secret
        // Swift marks fork() as unavailable; what the child does here is a load, a loop and _exit(2).
        let symbol = try #require(dlsym(nil, "fork"))
        let fork = unsafeBitCast(symbol, to: (@convention(c) () -> pid_t).self)
        let child = fork()
        if child == 0 {
            var isEmpty = true
            secret.withUnsafeBytes { for byte in $0 where byte != 0 { isEmpty = false } }
            _exit(ForkGuard.isInForkedChild && isEmpty ? 42 : 1)
        }
        try #require(child > 0)
        var status: Int32 = 0
        #expect(waitpid(child, &status, 0) == child)
        #expect(status & 0x7F == 0 && status >> 8 & 0xFF == 42, "exit status \(status)")
        secret.withUnsafeBytes { bytes in #expect(bytes.allSatisfy { $0 == 0xA5 }) }
    }
}

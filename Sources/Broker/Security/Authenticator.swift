import Authentication
import NIOCore
import NIOPosix
import Synchronization

/// Checks passwords and tokens away from the event loops: one PBKDF2 takes as long as a thousand messages.
///
/// The number of checks under way is bounded; beyond it a client is told that the server is busy.
final class Authenticator: Sendable {
    private let pool = NIOThreadPool(numberOfThreads: 1)
    private let waiting = Mutex(0)

    init() {
        pool.start()
    }

    /// Whether `password` is the user's.
    ///
    /// - Returns: `nil` when too many checks wait already.
    func verify(
        user: [UInt8],
        password: [UInt8]?,
        in table: PasswordTable,
        on eventLoop: any EventLoop
    ) -> EventLoopFuture<Bool>? {
        run(on: eventLoop) {
            // No password is not an empty one.
            guard let password else { return table.verify(user: user, password: nil) }
            return password.withUnsafeBytes { table.verify(user: user, password: $0) }
        }
    }

    /// Whom a token proves; where its key is not known the issuer is asked for newer ones first, if that was not done just now.
    ///
    /// - Returns: `nil` when too many checks wait already.
    func verify(
        token: [UInt8],
        with policy: TokenPolicy,
        nowSeconds: Int64,
        on eventLoop: any EventLoop
    ) -> EventLoopFuture<TokenVerdict>? {
        let verify: @Sendable () -> TokenVerdict = { policy.verify(token, nowSeconds: nowSeconds) }
        return run(on: eventLoop, verify)?.flatMap { verdict in
            guard let signed = policy.signed, verdict == .refused(.unknownKey) || verdict == .refused(.noKeys) else {
                return eventLoop.makeSucceededFuture(verdict)
            }
            return eventLoop.makeFutureWithTask { await signed.refreshKeys() }.flatMap { isFresh in
                isFresh
                    ? self.run(on: eventLoop, verify) ?? eventLoop.makeSucceededFuture(verdict)
                    : eventLoop.makeSucceededFuture(verdict)
            }
        }
    }

    private func run<Verdict: Sendable>(
        on eventLoop: any EventLoop,
        _ check: @escaping @Sendable () -> Verdict
    ) -> EventLoopFuture<Verdict>? {
        let isAdmitted = waiting.withLock { count in
            guard count < BrokerLimits.authenticationsWaitingMax else { return false }
            count += 1
            return true
        }
        guard isAdmitted else { return nil }
        let verdict = pool.runIfActive(eventLoop: eventLoop, check)
        verdict.whenComplete { _ in self.waiting.withLock { $0 -= 1 } }
        return verdict
    }

    func shutDown() {
        pool.shutdownGracefully { _ in }
    }
}

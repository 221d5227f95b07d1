import Authentication
import Synchronization

/// The keys that an issuer publishes: looked at from time to time, and sooner when a token names one that is not known.
///
/// Keys that were had once stay in force until there are others: an issuer that cannot be reached locks nobody out. However many tokens
/// with unknown keys arrive, there is one look at a time, and not more than one in ``TokenLimits/demandedFetchSeconds``.
final class RemoteKeys: KeySource {
    typealias Fetch = @Sendable () async throws(KeySetFetchError) -> [UInt8]

    private struct State {
        var keys: SigningKeySet?
        /// The look under way; its value is whether it brought keys.
        var look: Task<Bool, Never>?
        var lookedAt: ContinuousClock.Instant?
        var waiterCount = 0
        var report: @Sendable (TokenKeyReport) -> Void = { _ in }
        var lastReport: TokenKeyReport?
    }

    private let refreshInterval: Duration
    private let demandInterval: Duration
    private let fetch: Fetch
    private let state = Mutex(State())

    /// - Parameter demandSeconds: how often tokens may cause a look.
    init(
        refreshSeconds: Int64,
        demandSeconds: Int64 = TokenLimits.demandedFetchSeconds,
        fetch: @escaping Fetch
    ) {
        refreshInterval = .seconds(refreshSeconds)
        demandInterval = .seconds(demandSeconds)
        self.fetch = fetch
    }

    var current: SigningKeySet? { state.withLock { $0.keys } }

    func refresh() async -> Bool {
        let look = state.withLock { state -> Task<Bool, Never>? in
            if let look = state.look {
                guard state.waiterCount < TokenLimits.fetchWaitersMax else { return nil }
                state.waiterCount += 1
                return look
            }
            if let last = state.lookedAt, last.duration(to: .now) < demandInterval { return nil }
            return begin(&state)
        }
        return await look?.value ?? false
    }

    func keepFresh(_ report: @escaping @Sendable (TokenKeyReport) -> Void) async {
        state.withLock { $0.report = report }
        while !Task.isCancelled {
            let look = state.withLock { $0.look ?? begin(&$0) }
            let isFresh = await withTaskCancellationHandler {
                await look.value
            } onCancel: {
                look.cancel()
            }
            let pause = isFresh ? refreshInterval : min(refreshInterval, .seconds(TokenLimits.retrySeconds))
            try? await Task.sleep(for: pause)
        }
    }

    private func begin(_ state: inout State) -> Task<Bool, Never> {
        let look = Task { await self.look() }
        state.look = look
        state.lookedAt = .now
        state.waiterCount = 1
        return look
    }

    private func look() async -> Bool {
        let outcome: Result<SigningKeySet, KeySetFetchError>
        do throws(KeySetFetchError) {
            outcome = .success(try Self.keys(in: try await fetch()))
        } catch {
            outcome = .failure(error)
        }
        let (news, report) = state.withLock { state in
            state.look = nil
            let news: TokenKeyReport
            switch outcome {
            case .success(let keys):
                state.keys = keys
                news = .loaded(count: keys.count)
            case .failure(let error):
                news = .failed(reason: "\(error)", keptCount: state.keys?.count ?? 0)
            }
            let isSaid = state.lastReport == news
            state.lastReport = news
            return (isSaid ? nil : news, state.report)
        }
        if let news { report(news) }
        if case .success = outcome { return true } else { return false }
    }

    private static func keys(in json: [UInt8]) throws(KeySetFetchError) -> SigningKeySet {
        do throws(WebTokenError) {
            return try SigningKeySet(json: json)
        } catch {
            throw .keySet(error)
        }
    }
}

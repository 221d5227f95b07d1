import Authentication
import Logging
import ServiceLifecycle

/// Keeps the keys of an issuer fresh while the broker runs, and says so when it cannot.
struct TokenKeyService: Service {
    let keys: TokenFiles.RemoteKeys
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await keys.verifier.keepKeysFresh { report in
                switch report {
                case .loaded(let count):
                    logger.info("\(count) keys for tokens from \(keys.url).")
                case .failed(let reason, let keptCount):
                    let consequence =
                        keptCount == 0
                        ? "nobody can log in with one of its tokens until they can"
                        : "the \(keptCount) keys of before stay in force"
                    logger.warning("keys for tokens from \(keys.url) cannot be had: \(reason); \(consequence)")
                }
            }
            // The group takes the end of a service for the end of the program.
            try? await gracefulShutdown()
        }
    }
}

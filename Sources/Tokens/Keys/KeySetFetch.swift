import AsyncHTTPClient
import Authentication
import FoundationEssentials
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// One look at the keys that an issuer publishes.
///
/// Client and thread live as long as the look: it comes every few minutes.
struct KeySetFetch: Sendable {
    private let source: KeySetSource

    /// - Throws: ``WebTokenError/url`` where somebody on the way could put keys of his own in the place of the issuer's.
    init(_ source: KeySetSource) throws(WebTokenError) {
        guard let url = URL(string: source.url), let host = url.host(), !host.isEmpty, url.user == nil else {
            throw .url
        }
        switch url.scheme?.lowercased() {
        case "https": break
        case "http" where Self.isThisMachine(host): break
        default: throw .url
        }
        if let file = source.authorityFile, (try? NIOSSLCertificate.fromPEMFile(file))?.isEmpty != false {
            throw .authorityFile
        }
        self.source = source
    }

    func run() async throws(KeySetFetchError) -> [UInt8] {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let client = HTTPClient(eventLoopGroup: group, configuration: configuration)
        let result: Result<[UInt8], KeySetFetchError>
        do throws(KeySetFetchError) {
            result = .success(try await fetch(client))
        } catch {
            result = .failure(error)
        }
        try? await client.shutdown()
        try? await group.shutdownGracefully()
        return try result.get()
    }

    private var configuration: HTTPClient.Configuration {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.minimumTLSVersion = .tlsv12
        if let file = source.authorityFile { tls.trustRoots = .file(file) }
        let limit = TimeAmount.seconds(TokenLimits.fetchSeconds)
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: tls,
            redirectConfiguration: .disallow,
            timeout: .init(connect: limit, read: limit)
        )
        configuration.httpVersion = .http1Only
        // Whoever waits for the keys is told at once.
        configuration.connectionPool.retryConnectionEstablishment = false
        return configuration
    }

    private func fetch(_ client: HTTPClient) async throws(KeySetFetchError) -> [UInt8] {
        do {
            var request = HTTPClientRequest(url: source.url)
            request.headers.add(name: "Accept", value: "application/jwk-set+json, application/json")
            let response = try await client.execute(request, timeout: .seconds(TokenLimits.fetchSeconds))
            guard response.status == .ok else { throw KeySetFetchError.status(response.status.code) }
            let body = try await response.body.collect(upTo: TokenLimits.keySetBytesMax)
            return Array(body.readableBytesView)
        } catch let error as KeySetFetchError {
            throw error
        } catch is NIOTooManyBytesError {
            throw .tooLarge
        } catch {
            throw .transport("\(error)")
        }
    }

    private static func isThisMachine(_ host: String) -> Bool {
        if host == "localhost" { return true }
        switch try? SocketAddress(ipAddress: host, port: 0) {
        case .v4: return host.hasPrefix("127.")
        case .v6: return host == "::1"
        case .unixDomainSocket, nil: return false
        }
    }
}

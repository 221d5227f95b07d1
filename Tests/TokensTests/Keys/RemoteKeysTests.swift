import Authentication
import NIOHTTP1
import Testing

@testable import Tokens

/// Keys that an issuer publishes, changes, and cannot publish for a while.
struct RemoteKeysTests {
    private let rules = WebTokenRules(issuer: Issuer.name, audiences: [Issuer.audience])

    private func remoteKeys(_ url: String, demandSeconds: Int64 = 0) throws -> RemoteKeys {
        let fetch = try KeySetFetch(KeySetSource(url: url))
        return RemoteKeys(refreshSeconds: 600, demandSeconds: demandSeconds) { () async throws(KeySetFetchError) in
            try await fetch.run()
        }
    }

    @Test func keysOutlastTheIssuersOutage() async throws {
        let (first, second) = (Issuer(), Issuer())
        var port = 0
        var remote: RemoteKeys?
        var verifier: (any TokenVerifier)?
        try await KeySetServer.run(try first.keySet()) { server in
            port = server.port
            let keys = try remoteKeys(server.url)
            let made = WebTokenVerifier(rules: rules, keys: keys)
            #expect(made.verify(try first.token(), nowSeconds: Issuer.now) == .refused(.noKeys))
            #expect(await made.refreshKeys())
            #expect(try isTaken(first.token(), by: made))
            #expect(try !isTaken(second.token(), by: made))
            (remote, verifier) = (keys, made)
        }
        let keys = try #require(remote)
        let made = try #require(verifier)
        // Down: nothing new, and nothing lost.
        #expect(await !made.refreshKeys())
        #expect(keys.current?.count == 3)
        #expect(try isTaken(first.token(), by: made))
        // Back, with other keys.
        try await KeySetServer.run(try second.keySet(), port: port) { (_: KeySetServer) async throws in
            #expect(await made.refreshKeys())
            #expect(try isTaken(second.token(), by: made))
            #expect(try !isTaken(first.token(), by: made))
        }
    }

    private func isTaken(_ token: [UInt8], by verifier: any TokenVerifier) -> Bool {
        if case .accepted = verifier.verify(token, nowSeconds: Issuer.now) { true } else { false }
    }

    @Test func answersThatAreNoKeysChangeNothing() async throws {
        let issuer = Issuer()
        try await KeySetServer.run(try issuer.keySet()) { server in
            let keys = try remoteKeys(server.url)
            #expect(await keys.refresh())
            let good = try issuer.keySet()
            let long = Array(repeating: UInt8(ascii: " "), count: TokenLimits.keySetBytesMax) + good
            for (body, status): ([UInt8], UInt) in [
                (good, 500), (good, 404), (good, 204), (long, 200), ([], 200), (Array(#"{"keys":[]}"#.utf8), 200),
                (Array("<html>".utf8), 200),
            ] {
                server.publish(body, status: .init(statusCode: Int(status)))
                #expect(await !keys.refresh(), "\(status), \(body.count) bytes")
                #expect(keys.current?.count == 3)
            }
            // Wherever it leads: the keys would be those of another server.
            server.publish(good, status: .found, headers: ["Location": server.url])
            #expect(await !keys.refresh())
        }
    }

    @Test func aFloodOfUnknownKeysIsOneLook() async throws {
        try await KeySetServer.run(try Issuer().keySet()) { server in
            let keys = try remoteKeys(server.url, demandSeconds: 3600)
            await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<1000 { group.addTask { await keys.refresh() } }
                let servedCount = await group.reduce(0) { $0 + ($1 ? 1 : 0) }
                #expect((1...TokenLimits.fetchWaitersMax).contains(servedCount))
            }
            #expect(server.requestCount == 1)
            #expect(await !keys.refresh())
            #expect(server.requestCount == 1)
        }
    }

    @Test func whatHappensToTheKeysIsSaidOnce() async throws {
        let issuer = Issuer()
        try await KeySetServer.run(try issuer.keySet()) { server in
            let keys = try remoteKeys(server.url)
            let (reports, continuation) = AsyncStream.makeStream(of: TokenKeyReport.self)
            let task = Task { await keys.keepFresh { continuation.yield($0) } }
            var iterator = reports.makeAsyncIterator()
            #expect(await iterator.next() == .loaded(count: 3))
            // The same again is no news.
            #expect(await keys.refresh())
            server.publish([], status: .serviceUnavailable)
            #expect(await !keys.refresh())
            #expect(await !keys.refresh())
            #expect(
                await iterator.next() == .failed(reason: "the issuer answers with status 503", keptCount: 3)
            )
            server.publish(try issuer.keySet())
            #expect(await keys.refresh())
            #expect(await iterator.next() == .loaded(count: 3))
            task.cancel()
            await task.value
            continuation.finish()
            #expect(await iterator.next() == nil)
        }
    }

    @Test(arguments: [
        "http://issuer.example/keys", "http://127.0.0.1.evil.example/keys", "http://127.evil/keys", "ftp://127.0.0.1/",
        "http://192.0.2.1/", "http://[2001:db8::1]/", "issuer.example", "", "https://", "https:///keys",
        "file:///etc/x",
        "https://user:secret@issuer.example/keys", "http://localhost.evil.example/",
    ])
    func onlyPlacesThatNobodyOnTheWayCanReplaceAreAsked(url: String) {
        #expect(throws: WebTokenError.url) { try KeySetFetch(KeySetSource(url: url)) }
    }

    @Test(arguments: [
        "https://issuer.example/keys", "HTTPS://issuer.example", "http://127.0.0.1:8080/keys", "http://localhost/",
        "http://[::1]:8080/keys",
    ])
    func othersAre(url: String) throws {
        _ = try KeySetFetch(KeySetSource(url: url))
    }

    @Test func authoritiesAreReadAtTheStart() {
        #expect(throws: WebTokenError.authorityFile) {
            try KeySetFetch(KeySetSource(url: "https://issuer.example/", authorityFile: "/nonexistent.pem"))
        }
    }
}

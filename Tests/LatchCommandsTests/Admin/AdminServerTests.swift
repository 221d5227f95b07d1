import ArgumentParser
import FoundationEssentials
import Glibc
import Logging
import RetainedStore
import Testing

@testable import LatchCommands

/// What commands ask of a store that this process has open, over the socket.
@Suite struct AdminServerTests {
    private let directory: TemporaryDirectory
    private let store: RetainedStore
    private let server: AdminServer

    init() throws {
        directory = try TemporaryDirectory()
        let location = StoreLocation(directory: directory.file("store"))
        store = try RetainedStore.create(StoreOptions(location: location), masterKey: try MasterKey.random())
        server = try AdminServer(store, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    private func close() throws {
        server.stop()
        try store.close()
    }

    private func publish(_ topics: [String]) throws {
        let writer = try store.makeWriter()
        for topic in topics {
            let bytes = Array(topic.utf8)
            try bytes.withUnsafeBytes { topic in
                let none = UnsafeRawBufferPointer(start: nil, count: 0)
                writer.set(
                    MessageParts(
                        topic: topic,
                        clientID: none,
                        userName: none,
                        properties: none,
                        payload: topic,
                        qos: 1,
                        listenerPort: 0,
                        publishTimeMilliseconds: 0,
                        expiryTimeSeconds: 0
                    )
                )
                _ = try writer.commit { _ in }
            }
        }
    }

    /// Sends lines as they are and returns the answer to each: its last line.
    private func answers(_ lines: [String]) throws -> [(status: Int32?, text: String)] {
        let descriptor = try #require(try LocalSocket.connect(in: directory.file("store")))
        let stream = LineStream(descriptor: descriptor)
        return try lines.map { line in
            #expect(stream.writeLine(Array(line.utf8)))
            while true {
                let answer = try #require(stream.readLine())
                let text = String(decoding: answer, as: UTF8.self)
                if text.hasPrefix("{\"progress\"") { continue }
                let line = try JSONDecoder().decode(Answer.self, from: Data(answer))
                return (line.status, text)
            }
        }
    }

    private struct Answer: Decodable {
        var status: Int32?
    }

    private func run<Verb: StoreVerb>(_ verb: Verb) throws -> Verb.Report {
        try #require(try VerbRun.ask(verb, brokerOf: directory.file("store")))
    }

    @Test func everyVerbIsDoneByTheProcessThatHasTheStore() throws {
        try publish(["alice/a", "alice/b", "bob/a"])
        #expect(try run(HealthVerb()).health == "healthy")
        #expect(try run(CheckpointVerb()).appliedLSN == 3)
        let statistics = try run(StatisticsVerb())
        #expect(statistics.indexRecords == 3 && statistics.lastLSN == 3 && statistics.keyGeneration == 1)
        let rotation = try run(RotateVerb(waits: true))
        #expect(rotation.generation == 2 && rotation.isComplete)
        let backup = try run(BackupVerb(directory: directory.file("backup"), isPaced: false))
        #expect(backup.mode == "full" && backup.records == 3)
        let shred = try run(ShredVerb(namespace: "alice", also: [directory.file("backup")]))
        #expect(shred.keysDestroyed == 2 && shred.recordsRemoved == 2 && shred.recordsOpened == 0)
        #expect(shred.text.contains("the keyring is in the store") && shred.text.contains("backup too"))
        #expect(try run(StatisticsVerb()).indexRecords == 1)
        let compaction = try run(CompactVerb(isPaced: false))
        #expect(compaction.records == 1 && compaction.bytesAfter <= compaction.bytesBefore)
        #expect(compaction.store == directory.file("store"))
        #expect(try run(StatisticsVerb()).compaction == nil)
        try close()
    }

    @Test func whatIsNoRequestIsAnsweredAndTheNextOneIsTaken() throws {
        let found = try answers([
            "nonsense", "{}", #"{"verb":"explode"}"#, #"{"verb":"shred"}"#,
            #"{"verb":"shred","namespace":"a/b","also":[]}"#, #"{"verb":"health"}"#,
        ])
        #expect(found.map { $0.status == 1 } == [true, true, true, true, true, false])
        #expect(found.last?.text == #"{"result":{"health":"healthy"}}"#)
        try close()
    }

    @Test func nobodyElseGetsIn() throws {
        #expect(try directory.mode("store/admin.sock") == 0o600)
        #expect(try directory.mode("store") == 0o700)
        try close()
    }

    @Test func aStoreThatIsClosedHasNoSocket() throws {
        try close()
        #expect(!Directory.exists(directory.file("store/admin.sock")))
        #expect(try !LocalSocket.isListening(in: directory.file("store")))
    }

    @Test func whatADeadProcessLeftIsReplaced() throws {
        try close()
        try directory.write("store/admin.sock", "")
        #expect(try !LocalSocket.isListening(in: directory.file("store")))
        let descriptor = try LocalSocket.listen(in: directory.file("store"))
        #expect(try LocalSocket.isListening(in: directory.file("store")))
        Glibc.close(descriptor)
    }

    @Test func aPathLongerThanASocketAddressWorks() throws {
        let long = directory.file(String(repeating: "d", count: 120))
        try Directory.create(long)
        let descriptor = try LocalSocket.listen(in: long)
        #expect(try LocalSocket.isListening(in: long))
        Glibc.close(descriptor)
        try close()
    }
}

import ArgumentParser
import FoundationEssentials
import Glibc
import Logging
import MQTTWire
import Mosquitto
import RetainedStore
import Testing

@testable import LatchCommands

/// Messages asked for on the admin socket: only with the store's key.
@Suite struct RetainedRequestTests {
    private let directory: TemporaryDirectory
    private let store: RetainedStore
    private let server: AdminServer
    private let access: StoreAccess

    init() throws {
        directory = try TemporaryDirectory()
        let path = directory.file("store")
        try directory.write("key", String(repeating: "6b", count: 32))
        access = StoreAccess(path, keys: try KeyOptions.parse(["--key-file", directory.file("key")]), for: "retained") {
            _ in nil
        }
        store = try RetainedStore.create(
            StoreOptions(location: StoreLocation(directory: path)),
            masterKey: try #require(access.source).read()
        )
        server = try AdminServer(store, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let writer = try store.makeWriter()
        var batch = MessageBatch()
        for topic in ["alice/b", "alice/a", "bob/a"] {
            batch.append(RetainedMessage(topic: Array(topic.utf8), payload: Array("says \(topic)".utf8), qos: 1))
        }
        try batch.commit(to: writer)
    }

    private func close() throws {
        server.stop()
        try store.close()
    }

    private func ask(
        _ action: RetainedRequest.Action,
        _ filter: String,
        _ access: StoreAccess? = nil
    ) throws -> (count: Int, items: [RetainedItem]) {
        let inquiry = try #require(try RetainedInquiry(access ?? self.access))
        var items: [RetainedItem] = []
        let count = try inquiry.perform(action, try TopicFilter(filter)) { items.append($0) }
        return (count, items)
    }

    private struct Answer: Decodable {
        var status: Int32?
        var item: RetainedItem?
    }

    private func answers(_ lines: [String]) throws -> [Answer] {
        let descriptor = try #require(try LocalSocket.connect(in: directory.file("store")))
        let stream = LineStream(descriptor: descriptor)
        return try lines.map { line in
            #expect(stream.writeLine(Array(line.utf8)))
            let answer = try #require(stream.readLine())
            return try JSONDecoder().decode(Answer.self, from: Data(answer))
        }
    }

    @Test func messagesAreCountedListedAndToldWithTheKey() throws {
        #expect(try ask(.count, "#").count == 3)
        let listed = try ask(.list, "alice/#")
        #expect(listed.count == 2 && Set(listed.items.compactMap { $0.line?.topic }) == ["alice/a", "alice/b"])
        #expect(listed.items.allSatisfy { $0.line?.bytes == 12 && $0.message == nil })
        let told = try ask(.get, "bob/a")
        #expect(told.items.first?.message?.payload == "says bob/a")
        #expect(try ask(.get, "carol/#").count == 0)
        try close()
    }

    @Test func theLargestAnswerComesWhole() throws {
        let writer = try store.makeWriter()
        var batch = MessageBatch()
        // A zero takes six bytes in JSON.
        batch.append(
            RetainedMessage(topic: Array("large".utf8), payload: [UInt8](repeating: 0, count: 3 << 20), qos: 1)
        )
        try batch.commit(to: writer)
        let told = try ask(.get, "large")
        #expect(told.items.first?.message?.message?.payload.count == 3 << 20)
        try close()
    }

    @Test func clearingWaitsForTheBrokerAndGoesThroughIt() throws {
        let starting = #expect(throws: CommandFailure.self) { try ask(.remove, "alice/#") }
        #expect(starting?.status == .inputOutput && starting?.description.contains("starting") == true)
        let writer = try store.makeWriter()
        // The one thread that answers the one request uses it.
        nonisolated(unsafe) let usedByOneThread = writer
        server.clears { (topics) throws(CommandFailure) in
            var batch = MessageBatch()
            for topic in topics { batch.append(RetainedMessage(topic: topic, payload: [], qos: 1)) }
            try CommandFailure.ofStore { () throws(StoreError) in
                try batch.commit(to: usedByOneThread, isClearing: true)
            }
        }
        let removed = try ask(.remove, "alice/#")
        #expect(removed.count == 2 && Set(removed.items.compactMap(\.topic)) == ["alice/a", "alice/b"])
        #expect(try ask(.count, "#").count == 1)
        try close()
    }

    @Test func nobodyGetsAMessageWithoutTheKey() throws {
        try directory.write("other", String(repeating: "99", count: 32))
        let stranger = StoreAccess(
            directory.file("store"),
            keys: try KeyOptions.parse(["--key-file", directory.file("other")]),
            for: "retained"
        ) { _ in nil }
        let wrong = #expect(throws: CommandFailure.self) { try ask(.list, "#", stranger) }
        #expect(wrong?.status == .key)
        let none = StoreAccess(directory.file("store"), keys: try KeyOptions.parse([]), for: "retained") { _ in nil }
        let missing = #expect(throws: CommandFailure.self) { try ask(.list, "#", none) }
        #expect(missing?.status == .key)

        // Nor does who speaks the protocol himself.
        let zeros = Data(count: 16).base64EncodedString()
        let request = ##"{"verb":"retained","action":"list","filter":"#","proof":"\##(zeros)"}"##
        let lines = try answers([request, #"{"verb":"challenge"}"#, request, request])
        #expect(lines.map(\.status) == [1, nil, 3, 1])
        #expect(lines.allSatisfy { $0.item == nil })
        try close()
    }

    @Test func aProofIsGoodOnce() throws {
        let descriptor = try #require(try LocalSocket.connect(in: directory.file("store")))
        let stream = LineStream(descriptor: descriptor)
        stream.writeLine(Array(#"{"verb":"challenge"}"#.utf8))
        let asked = try JSONDecoder().decode(
            AdminLine<ChallengeRequest.Report>.self,
            from: Data(try #require(stream.readLine()))
        )
        let proof = try RetainedStore.proof(
            for: Array(try #require(asked.result).challenge),
            at: StoreLocation(directory: directory.file("store")),
            masterKey: try #require(access.source).read()
        )
        let request = RetainedRequest(action: .count, filter: "#", proof: Data(proof))
        var statuses: [Int32?] = []
        for _ in 0..<2 {
            stream.writeLine(Array(ReportJSON.line(request)))
            let line = try #require(stream.readLine())
            statuses.append(try JSONDecoder().decode(AdminLine<RetainedRequest.Report>.self, from: Data(line)).status)
        }
        #expect(statuses == [nil, 1])
        try close()
    }

    @Test(arguments: ["a/#/b", "$share/g/a", "", "+a"])
    func aFilterThatIsNoneIsRefused(filter: String) throws {
        let request = RetainedRequest(action: .count, filter: filter, proof: Data())
        #expect(try answers([String(decoding: ReportJSON.line(request), as: UTF8.self)]).first?.status == 1)
        try close()
    }

    @Test func whoReadsNoMoreDoesNotKeepTheStoreOpen() throws {
        let writer = try store.makeWriter()
        var batch = MessageBatch()
        for number in 0..<40 {
            let payload = [UInt8](repeating: 0x61, count: 256 << 10)
            batch.append(RetainedMessage(topic: Array("bulk/\(number)".utf8), payload: payload, qos: 1))
            try batch.commit(to: writer)
        }
        // Ten megabytes do not fit into a socket, and the reader stops behind the first message.
        let inquiry = try #require(try RetainedInquiry(access))
        var count = 0
        #expect(throws: CommandFailure.self) {
            try inquiry.perform(.get, TopicFilter("bulk/#")) { (_) throws(CommandFailure) in
                count += 1
                throw CommandFailure(.usage, "enough")
            }
        }
        #expect(count == 1)
        try close()
    }
}

import Glibc
import Synchronization
import Testing

@testable import RetainedStore

@Suite struct HandoverTests {
    /// What a subscriber was given live: it joins under the order lock, as a broker's routing does.
    private final class LiveStream: Sendable {
        private let state = Mutex<(isJoined: Bool, messages: [(version: UInt64, topic: String, payload: String)])>(
            (false, [])
        )

        func join() {
            state.withLock { $0.isJoined = true }
        }

        func deliver(_ version: UInt64, _ topic: String, _ payload: String) {
            state.withLock { state in
                if state.isJoined { state.messages.append((version, topic, payload)) }
            }
        }

        var messages: [(version: UInt64, topic: String, payload: String)] { state.withLock { $0.messages } }
    }

    @Test("R1: a scan up to S and the live stream from S on have no gap and no overlap", arguments: 0..<6)
    func noGap(number: Int) throws {
        let fixture = try StoreFixture()
        fixture.limits.checkpointEntries = 60
        fixture.limits.dirtyPagesMax = 4
        let store = try fixture.open()
        let stream = LiveStream()
        let isOver = Atomic<Bool>(false)
        // Values only grow, so that an older one after a newer one shows.
        let finals = Collected<(topic: String, value: Int)>()
        let writers = (0..<2).map { part -> @Sendable () -> Void in
            {
                do {
                    let writer = try store.makeWriter()
                    var random = SeededGenerator(seed: Seed.value &+ UInt64(number * 10 + part))
                    var values: [String: Int] = [:]
                    for round in 0..<600 {
                        let batch = (0..<Int.random(in: 1...5, using: &random)).map { item in
                            (topic: "t\(part)/\(Int.random(in: 0..<200, using: &random))", payload: round * 10 + item)
                        }
                        try writer.commit(batch.map { ($0.topic, "\($0.payload)") }) { first in
                            for (offset, message) in batch.enumerated() {
                                stream.deliver(first + UInt64(offset), message.topic, "\(message.payload)")
                            }
                        }
                        for message in batch { values[message.topic] = message.payload }
                    }
                    finals.append(contentsOf: values.map { ($0.key, $0.value) })
                } catch {
                    Issue.record(error)
                }
            }
        }
        let scanned = Collected<(topic: String, version: UInt64, value: Int)>()
        let boundary = Atomic<UInt64>(0)
        let subscriber: @Sendable () -> Void = {
            do {
                let reader = try store.makeReader()
                while store.durableLSN < 300 { sched_yield() }
                let version = store.withOrder { version in
                    stream.join()
                    return version
                }
                boundary.store(version, ordering: .relaxed)
                var scan = Array("#".utf8).withUnsafeBytes { RetainedScan(filter: $0, upToVersion: version) }
                var limits = ScanLimits()
                limits.recordsMax = 7
                var isFinished = false
                while !isFinished {
                    isFinished = try reader.nextBatch(of: &scan, limits: limits, nowSeconds: 1) { view in
                        let value = Int(String(decoding: view.payload, as: UTF8.self)) ?? -1
                        scanned.append((String(decoding: view.topic, as: UTF8.self), view.version, value))
                    }
                }
            } catch {
                Issue.record(error)
            }
            isOver.store(true, ordering: .relaxed)
        }
        try inParallel(writers + [subscriber])

        let version = boundary.load(ordering: .relaxed)
        #expect(scanned.all.allSatisfy { $0.version <= version })
        #expect(stream.messages.first.map { $0.version == version + 1 } ?? true)
        // Put together, every topic has its newest value, and no value that the stream had overtaken came from the scan
        // with a higher version than the stream's.
        var seen: [String: (version: UInt64, value: Int)] = [:]
        for message in scanned.all { seen[message.topic] = (message.version, message.value) }
        for message in stream.messages {
            if let before = seen[message.topic] { #expect(before.version < message.version) }
            seen[message.topic] = (message.version, Int(message.payload) ?? -1)
        }
        let isComplete = finals.all.allSatisfy { seen[$0.topic]?.value == $0.value } && finals.all.count == seen.count
        #expect(isComplete, "seed \(Seed.value), run \(number)")
    }
}

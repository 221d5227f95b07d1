import FoundationEssentials
import Glibc
import MQTTWire
import RetainedStore

/// Asks the broker that has a store open about its messages, over its admin socket and with the store's key.
struct RetainedInquiry {
    private let stream: LineStream
    private let directory: String
    private let access: StoreAccess

    /// - Returns: `nil` if no broker has the store open.
    init?(_ access: StoreAccess) throws(CommandFailure) {
        guard let descriptor = try LocalSocket.connect(in: access.directory) else { return nil }
        stream = LineStream(descriptor: descriptor, lineBytesMax: LineStream.answerBytesMax)
        directory = access.directory
        self.access = access
    }

    /// As ``RetainedSearch/perform(_:_:_:)``, done by the broker.
    func perform(
        _ action: RetainedRequest.Action,
        _ filter: TopicFilter,
        _ emit: (RetainedItem) throws(CommandFailure) -> Void
    ) throws(CommandFailure) -> Int {
        let proof = try proof()
        let text = filter.withMatchedBytes { String(decoding: $0, as: UTF8.self) }
        stream.writeLine(Array(ReportJSON.line(RetainedRequest(action: action, filter: text, proof: Data(proof)))))
        return try answer(RetainedRequest.Report.self, emit).count
    }

    private func proof() throws(CommandFailure) -> [UInt8] {
        guard let source = access.source else { throw .missingKey(for: directory) }
        let key = try source.read()
        stream.writeLine(Array(ReportJSON.line(ChallengeRequest())))
        let challenge = try answer(ChallengeRequest.Report.self) { _ in }.challenge
        return try CommandFailure.ofStore(key: source) { () throws(StoreError) in
            try RetainedStore.proof(
                for: Array(challenge),
                at: StoreLocation(directory: directory),
                masterKey: key
            )
        }
    }

    private func answer<Report: VerbReport>(
        _ type: Report.Type,
        _ emit: (RetainedItem) throws(CommandFailure) -> Void
    ) throws(CommandFailure) -> Report {
        while let line = stream.readLine() {
            guard let answer = try? JSONDecoder().decode(AdminLine<Report>.self, from: Data(line)) else { break }
            if let item = answer.item { try emit(item) }
            if let report = answer.result { return report }
            if let error = answer.error {
                throw CommandFailure(answer.status.flatMap(ExitStatus.init) ?? .inputOutput, error)
            }
        }
        throw CommandFailure(
            .inputOutput,
            "the broker that has \(directory) open ended before it answered: look into its log, and ask again"
        )
    }
}

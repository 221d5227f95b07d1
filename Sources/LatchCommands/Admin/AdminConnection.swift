import FoundationEssentials

/// One command's connection to the ``AdminServer``, and what it was told last.
final class AdminConnection {
    private let stream: LineStream
    /// Asked, and not answered yet.
    private var challenge: [UInt8]?

    init(_ stream: LineStream) {
        self.stream = stream
    }

    var descriptor: Int32 { stream.descriptor }

    func readLine() -> [UInt8]? {
        stream.readLine()
    }

    /// - Returns: Whether the other side is still there.
    @discardableResult
    func write(_ line: AdminLine<some VerbReport>) -> Bool {
        stream.writeLine(Array(ReportJSON.line(line)))
    }

    func fail(_ failure: CommandFailure) {
        write(AdminLine<HealthVerb.Report>(error: failure.description, status: failure.status.rawValue))
    }

    func ask(_ challenge: [UInt8]) {
        self.challenge = challenge
        write(AdminLine(result: ChallengeRequest.Report(challenge: Data(challenge))))
    }

    /// The challenge that this connection was asked, once.
    func takeChallenge() -> [UInt8]? {
        defer { challenge = nil }
        return challenge
    }
}

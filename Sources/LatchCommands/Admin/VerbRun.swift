import FoundationEssentials
import Glibc
import RetainedStore

/// Has a verb done: by the broker that has the store open, or else in this process.
struct VerbRun<Verb: StoreVerb> {
    let verb: Verb
    let arguments: StoreArguments

    /// Does it and prints what it has to say.
    func run() throws(CommandFailure) {
        let report: Verb.Report
        if let answer = try Self.ask(verb, brokerOf: arguments.store) {
            report = answer
        } else {
            report = try performAtRest()
        }
        print(arguments.json ? ReportJSON.text(report) : report.text)
        if let failure = report.failure { throw failure }
    }

    /// The answer of the broker that has a store open; `nil` if none has.
    static func ask(_ verb: Verb, brokerOf store: String) throws(CommandFailure) -> Verb.Report? {
        guard let descriptor = try LocalSocket.connect(in: store) else { return nil }
        let stream = LineStream(descriptor: descriptor)
        stream.writeLine(Array(ReportJSON.request(verb, name: Verb.name)))
        var progress = StatusLine()
        defer { progress.clear() }
        while let line = stream.readLine() {
            guard let answer = try? JSONDecoder().decode(AdminLine<Verb.Report>.self, from: Data(line)) else { break }
            if let text = answer.progress { progress.show(text) }
            if let report = answer.result { return report }
            if let error = answer.error {
                throw CommandFailure(answer.status.flatMap(ExitStatus.init) ?? .inputOutput, error)
            }
        }
        throw CommandFailure(
            .inputOutput,
            "the broker that has \(store) open ended before it answered: look into its log, and ask again"
        )
    }

    private func performAtRest() throws(CommandFailure) -> Verb.Report {
        try ProcessProtection.beforeKeys()
        let source = arguments.keySource(environment: Environment.value)
        let location = try arguments.location(source)
        // Opening would make a store of it, with a history of its own.
        guard !Directory.exists(location.directory + "/backup") else {
            throw CommandFailure(
                .usage,
                """
                \(location.directory) is a backup: latch verify checks it without changing it; to put it to use, copy it \
                to the store's place and start the broker
                """
            )
        }
        guard let source else { throw .missingKey(for: location.directory) }
        let key = try source.read()
        try StoreOwner.become(of: location.directory)
        let trail = try CommandTrail(Verb.name, arguments.keys)
        var progress = StatusLine()
        defer { progress.clear() }
        let store = try trail.opening(location.directory, with: source) { () throws(StoreError) in
            try RetainedStore.open(StoreOptions(location: location), masterKey: key)
        }
        let report: Verb.Report
        do throws(CommandFailure) {
            report = try verb.perform(on: store) { progress.show($0) }
            if Verb.isAudited { trail.ended(detail: verb.auditDetail, isFailure: false) }
        } catch {
            if Verb.isAudited { trail.ended(detail: verb.auditDetail, isFailure: true) }
            try? store.close()
            throw error
        }
        do throws(StoreError) {
            try store.close()
        } catch {
            throw CommandFailure(error, key: source)
        }
        return report
    }
}

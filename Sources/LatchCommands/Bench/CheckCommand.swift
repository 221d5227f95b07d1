import ArgumentParser

/// `latch bench check`: holds what a broker retains against what it acknowledged to a load.
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Hold what a broker retains against what it acknowledged to 'latch bench load --record'.",
        discussion: """
            For every topic the retained message must be at least as new as the last acknowledged one and not newer \
            than the last one sent. Exit code 0 if so, 4 if not. What was found is noted in the record: from then on \
            that must not be lost either.
            """
    )

    @Option(help: "Where the broker listens.", transform: { try BrokerURL($0) })
    var url: BrokerURL

    @OptionGroup var trust: ServerTrustOptions

    @Option(help: "The record that a load wrote.")
    var record: String

    @Option(help: "User name; %d stands for the connection's number.")
    var username: String?

    @Option(help: "Password.")
    var password: String?

    @Flag(help: "Print the report as JSON.")
    var json = false

    func run() throws {
        do throws(LoadFailure) {
            try check()
        } catch {
            throw BenchFailure.exit(error)
        }
    }

    private func check() throws(LoadFailure) {
        guard let journal = try RecordFile.read(path: record) else { throw .plan("there is no record \(record)") }
        let url = try trust.applied(to: url)
        let report = try RecordCheck(record: journal).run(url: url, username: username, password: password)
        print(json ? ReportJSON.text(report) : report.text)
        guard report.isKept else { throw .broken(report) }
        try RecordFile.write(journal, path: record)
    }
}

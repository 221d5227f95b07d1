/// Reads the lines of a configuration, includes among them, and puts the result together.
///
/// Options of a listener belong to the last `listener` line of their own file. In front of the first one they belong
/// to the default listener, which `port` and `bind_address` describe.
struct ConfigurationParser {
    /// How deep `include_dir` reaches: the main file includes, an included one may not.
    private static let includeDepthMax = 1

    /// Where a directive that may stand only once stood first.
    struct Occurrence: Hashable {
        var directive: Directive
        var listener: Int?
    }

    var configuration = MosquittoConfiguration()
    var drafts: [ListenerDraft] = []
    /// The listener of `port` and `bind_address` and of options in front of any listener, in ``drafts``.
    var defaultListener: Int?
    /// The listener to which options belong, in ``drafts``.
    var currentListener: Int?
    var global = ListenerDraft.Security()
    var isPerListener = false
    /// The first line that set something which `per_listener_settings` would have moved to a listener.
    var firstSecurityLocation: SourceLocation?
    /// Whether a `log_dest` line has replaced the default destination.
    var hasLogDestination = false
    /// Whether a `log_type` line has replaced the default types.
    var hasLogType = false
    var occurrences: [Occurrence: SourceLocation] = [:]
    private var depth = 0

    init() {}

    /// Reads one file with its includes.
    mutating func read(path: String) throws(MosquittoFileError) {
        try read(TextFile(path: path))
    }

    /// Reads the lines of one file.
    mutating func read(_ file: TextFile) throws(MosquittoFileError) {
        configuration.files.append(file.name)
        // What an included file says about its listeners ends with it, and what it says in front of the first does not
        // belong to a listener of the file that includes it.
        let outerListener = currentListener
        currentListener = nil
        for line in file.lines {
            guard let line = DirectiveLine(line) else { continue }
            try read(line)
        }
        currentListener = outerListener
    }

    private mutating func read(_ line: DirectiveLine) throws(MosquittoFileError) {
        switch DirectiveClass.of(line.name) {
        case .actedOn(let directive):
            configuration.sources[directive.rawValue] = line.location
            var line = line
            try noteOccurrence(of: directive, line)
            try apply(directive, &line)
            if !line.rest.trimmed.isEmpty {
                warn(line, "what follows the value of \(line.name) is ignored; a comment needs a line of its own")
            }
        case .ignored(let reason):
            ignore(line, reason)
        case .unsupported(let feature, let neutral):
            if isNeutral(line, neutral) {
                ignore(line, "this is the default")
            } else {
                throw line.error(
                    .unsupported,
                    "\(line.name): \(feature.name) is not supported yet",
                    remedy: feature.remedy
                )
            }
        case nil:
            throw unknown(line)
        }
    }

    private func isNeutral(_ line: DirectiveLine, _ neutral: DirectiveClass.Neutral?) -> Bool {
        var line = line
        guard let neutral, let word = line.optionalWord() else { return false }
        switch neutral {
        case .no: return word.elementsEqual("false".utf8) || word.elementsEqual("0".utf8)
        case .zero: return DirectiveLine.integer(word) == 0
        }
    }

    private func unknown(_ line: DirectiveLine) -> MosquittoFileError {
        let remedy =
            if let nearest = NearestName.of(line.name, among: DirectiveClass.knownNames) {
                "did you mean \(nearest)?"
            } else if line.name.contains("\\x09") {
                "separate the name from its value with a space, not with a tab"
            } else {
                "remove the line or correct the name"
            }
        return line.error(.unknown, "unknown directive '\(line.name)'", remedy: remedy)
    }

    /// A string that is set twice is refused, as in mosquitto; of other values the last one counts.
    private mutating func noteOccurrence(of directive: Directive, _ line: DirectiveLine) throws(MosquittoFileError) {
        if directive.mayRepeat { return }
        let isOfListener = directive.scope == .listener || (directive.scope == .security && isPerListener)
        let key = Occurrence(directive: directive, listener: isOfListener ? currentListener : nil)
        guard let earlier = occurrences.updateValue(line.location, forKey: key) else { return }
        if directive.isText {
            throw line.malformed("\(line.name) is already set at \(earlier)", remedy: "keep one of the two lines")
        }
        let range = directive.scope == .security && !isPerListener ? " for all listeners" : ""
        warn(line, "\(line.name) is already set at \(earlier); the last line counts\(range)")
    }

    mutating func warn(_ line: DirectiveLine, _ message: String) {
        configuration.warnings.append(MosquittoFileWarning(at: line.location, message))
    }

    mutating func ignore(_ line: DirectiveLine, _ reason: String) {
        configuration.ignored.append(IgnoredDirective(name: line.name, location: line.location, reason: reason))
    }

    /// `include_dir`: every `*.conf` of a directory, in a fixed order.
    mutating func include(_ line: inout DirectiveLine) throws(MosquittoFileError) {
        let directory = try line.text()
        guard depth < Self.includeDepthMax else {
            throw line.malformed("include_dir stands in an included file", remedy: "move it to the main file")
        }
        let paths: [String]
        do {
            paths = try IncludeDirectory.files(in: directory)
        } catch {
            throw line.error(.unreadable, "include_dir '\(directory)' \(error.problem)", remedy: error.remedy)
        }
        depth += 1
        for path in paths { try read(path: path) }
        depth -= 1
    }

    /// Puts the listeners together and checks what only the whole can show.
    consuming func finish(environment: (String) -> String?) throws(MosquittoFileError) -> MosquittoConfiguration {
        configuration.isLocalOnly = isLocalOnly
        let allowsAnonymous = isLocalOnly
        let sources = isLocalOnly ? localDrafts : drafts
        configuration.listeners = try sources.map { draft throws(MosquittoFileError) in
            try draft.finished(global: global, allowsAnonymous: allowsAnonymous)
        }
        if let location = environment("MOSQUITTO_PERSISTENCE_LOCATION") {
            let source = SourceLocation(file: "MOSQUITTO_PERSISTENCE_LOCATION", line: 0)
            // An empty one stands for the working directory.
            configuration.persistenceLocation =
                location.isEmpty ? nil : ReferencedFile(path: location, location: source)
        }
        if configuration.persistenceSync == .interval, configuration.autosaveIntervalSeconds == 0 {
            throw MosquittoFileError(
                .malformed,
                at: configuration.sources[Directive.autosaveInterval.rawValue] ?? SourceLocation(file: "", line: 0),
                "autosave_interval is 0, so persistence_sync interval would never sync",
                remedy: "write the seconds that a power cut may cost, or persistence_sync none"
            )
        }
        return configuration
    }
}

import MQTTProtocol
import Mosquitto

/// Who may come in, and what they may read then.
struct AccessCheck {
    private let settings: ServeSettings

    init(_ settings: ServeSettings) {
        self.settings = settings
    }

    func findings() -> [Finding] {
        var findings = filesOfTheConfiguration()
        if let warning = settings.nameWarning {
            findings.append(
                .warning(
                    "authentication",
                    warning,
                    remedy: "latch passwd makes a password_file; a tunnel in front may do it, too"
                )
            )
        }
        for path in accessControlFiles { findings += rules(path) }
        let open = settings.listeners.filter { $0.security.accessControlFile == nil && !$0.isForThisMachineOnly }
        if !open.isEmpty {
            findings.append(
                .warning(
                    "access",
                    "\(open.count) of \(settings.listeners.count) listeners are open to other machines without an acl_file: everybody reads and writes everything",
                    remedy: "acl_file with 'pattern readwrite %u/#' gives each user a tree of topics"
                )
            )
        }
        return findings
    }

    private var accessControlFiles: [String] {
        unique(settings.listeners.compactMap { $0.security.accessControlFile?.path })
    }

    private var passwordFiles: [String] { unique(settings.listeners.compactMap { $0.security.passwordFile?.path }) }

    /// Files of tokens and of keys: whoever can write them can make himself any user.
    private var tokenFiles: [String] {
        let tokens = settings.listeners.compactMap(\.security.tokens)
        return unique(
            tokens.compactMap { tokens in
                if case .file(let file) = tokens.signed?.keySet { file.path } else { nil }
            } + tokens.compactMap { $0.tokenFile?.path }
        )
    }

    private func unique(_ paths: [String]) -> [String] { Array(Set(paths)).sorted() }

    private func filesOfTheConfiguration() -> [Finding] {
        var findings: [Finding] = []
        for path in passwordFiles {
            guard let facts = FileFacts(path) else { continue }
            if facts.isReadableByOthers {
                findings.append(
                    .problem(
                        "passwords",
                        "\(path) has mode \(facts.modeText): others can read the hashes and guess",
                        remedy: "chmod 0600 \(path), owned by the account of the broker"
                    )
                )
            }
        }
        for path in accessControlFiles + passwordFiles + tokenFiles + [settings.configurationFile].compactMap(\.self) {
            guard let facts = FileFacts(path), facts.isWritableByOthers else { continue }
            findings.append(
                .problem(
                    "permissions",
                    "\(path) has mode \(facts.modeText): others can change who may do what",
                    remedy: "chmod go-w \(path)"
                )
            )
        }
        return findings
    }

    private func rules(_ path: String) -> [Finding] {
        let file: AccessControlFile
        do throws(MosquittoFileError) {
            file = try AccessControlFile.read(path: path)
        } catch {
            return [.problem("access", "\(error)", remedy: "latch serve does not start with it")]
        }
        var findings = file.warnings.map {
            Finding.warning("access", "\($0)", remedy: "see mosquitto.conf(5), acl_file")
        }
        for rule in file.source
        where rule.filter == Array("#".utf8) && rule.permission != .deny && rule.permission != .write {
            switch rule.subject {
            case .everybody, .anonymous:
                findings.append(
                    .warning(
                        "access",
                        "\(path):\(rule.line): \(rule.subject == .everybody ? "everybody" : "whoever gives no name") may read every topic",
                        remedy: "narrow the filter, or leave the line under the user who needs it"
                    )
                )
            case .user: break
            }
        }
        return findings.isEmpty ? [.fine("access", "\(path) lets nobody but named users read everything")] : findings
    }
}

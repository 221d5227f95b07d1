import ArgumentParser
import MQTTProtocol
import Mosquitto

/// Which access control list a command asks.
struct AccessArguments: ParsableArguments {
    @Option(name: [.customShort("c"), .customLong("config-file")], help: "A mosquitto.conf, whose acl_file is asked.")
    var configurationFile: String?

    @Option(help: "With per_listener_settings: the port of the listener whose rules are asked; otherwise its first.")
    var listener: UInt16?

    @Option(help: "An aclfile, in place of a configuration.")
    var aclFile: String?

    func validate() throws {
        guard (configurationFile == nil) != (aclFile == nil) else {
            throw ValidationError("name a mosquitto.conf with -c, or an aclfile with --acl-file")
        }
        if listener != nil, configurationFile == nil { throw ValidationError("--listener goes with -c only") }
    }

    /// An access control list with what else decides.
    struct List {
        /// `nil`: there is no file, and everything is allowed.
        let file: AccessControlFile?
        let path: String
        let policy: SubscribePolicy

        /// The part of the list that concerns one client.
        func access(user: String?, clientID: String) -> IdentityAccess {
            (file?.rules ?? .unrestricted).view(userName: user.map { Array($0.utf8) }, clientID: Array(clientID.utf8))
        }

        /// What decided, with the line.
        func reason(_ decision: AccessDecision) -> String {
            switch decision.reason {
            case .rule(let line):
                let rule = file?.source.first { $0.line == line }
                return "\(path):\(line)\(rule.map { ": \($0.text)" } ?? "")"
            case .noRule: return "no rule grants it"
            case .unrestricted: return "there is no acl_file"
            case .serverTopic: return "the topic belongs to the server"
            case .wildcardInName:
                return "the user name or the client identifier holds + or #, for which patterns are not consulted"
            }
        }
    }

    func list() throws(CommandFailure) -> List {
        do throws(MosquittoFileError) {
            guard let configurationFile else {
                let path = aclFile ?? ""
                return List(file: try .read(path: path), path: path, policy: .strict)
            }
            let configuration = try MosquittoConfiguration.read(path: configurationFile)
            let security = try security(of: configuration, configurationFile)
            guard let path = security.accessControlFile?.path else {
                return List(file: nil, path: configurationFile, policy: configuration.subscribePolicy)
            }
            return List(file: try .read(path: path), path: path, policy: configuration.subscribePolicy)
        } catch {
            throw CommandFailure(.configuration, "\(error)")
        }
    }

    private func security(
        of configuration: MosquittoConfiguration,
        _ path: String
    ) throws(MosquittoFileError) -> SecuritySettings {
        let chosen = configuration.listeners.first { candidate in
            guard let listener else { return true }
            if case .tcp(_, listener) = candidate.endpoint { return true }
            return false
        }
        guard let chosen else {
            throw MosquittoFileError(
                .malformed,
                at: SourceLocation(file: path, line: 0),
                "there is no listener on port \(listener ?? 0)",
                remedy: "name the port of one of its listener lines"
            )
        }
        return chosen.security
    }
}

extension AccessRule {
    /// The rule as its line states it, after the user it belongs to.
    var text: String {
        let filter = String(decoding: filter, as: UTF8.self)
        return switch subject {
        case .everybody: "pattern \(permission.word) \(filter)"
        case .user(let name): "user \(String(decoding: name, as: UTF8.self)), topic \(permission.word) \(filter)"
        case .anonymous: "without a user, topic \(permission.word) \(filter)"
        }
    }
}

extension AccessRule.Permission {
    fileprivate var word: String {
        switch self {
        case .deny: "deny"
        case .read: "read"
        case .write: "write"
        case .readWrite: "readwrite"
        }
    }
}

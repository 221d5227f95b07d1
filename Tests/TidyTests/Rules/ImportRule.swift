/// Targets import what design and manifest allow them, so that the architecture can be read off `Sources/`.
struct ImportRule: TidyRule {
    private static let system: Set = ["Glibc", "Synchronization"]
    private static let nio: Set = [
        "NIOCore", "NIOPosix", "NIOHTTP1", "NIOSSL", "NIOTLS", "NIOWebSocket", "NIOConcurrencyHelpers",
    ]

    /// By target: the modules that its sources may import, apart from Glibc and Synchronization.
    static let allowed: [String: Set<String>] = [
        "RetainedStore": ["CLMDB", "CLibcrypto"],
        "MQTTWire": ["NIOCore"],
        "MQTTProtocol": ["MQTTWire", "NIOCore"],
        "Authentication": ["CArgon2", "CLibcrypto"],
        "Tokens": [
            "Authentication", "JWTKit", "AsyncHTTPClient", "FoundationEssentials", "NIOCore", "NIOHTTP1", "NIOPosix",
            "NIOSSL",
        ],
        "Mosquitto": ["MQTTProtocol", "MQTTWire", "CLibcrypto", "CSQLite", "FoundationEssentials"],
        "Broker": nio.union([
            "CMalloc", "RetainedStore", "MQTTProtocol", "MQTTWire", "Authentication", "Logging", "ServiceLifecycle",
        ]),
        "LatchCommands": [
            "RetainedStore", "MQTTProtocol", "MQTTWire", "Authentication", "Mosquitto", "Broker", "ArgumentParser",
            "CLibssl", "Dispatch", "Logging", "NIOCore", "ServiceLifecycle", "FoundationEssentials",
        ],
        "latch": ["LatchCommands", "Tokens"],
        "BrokerTesting": nio.union(["Broker", "MQTTProtocol", "MQTTWire", "RetainedStore", "NIOEmbedded", "Logging"]),
        "RetainedStoreSimulation": ["CWriteRecorder", "RetainedStore"],
    ]

    func violations(in file: SourceFile) -> [Violation] {
        guard file.isSwift, let target = file.target else { return [] }
        guard let allowed = Self.allowed[target] else {
            return [Violation(path: file.path, line: 0, problem: "the target \(target) has no list of imports")]
        }
        return lines(of: file) { line in
            guard let module = Self.module(importedBy: line) else { return nil }
            if allowed.contains(module) || Self.system.contains(module) { return nil }
            return "\(target) may not import \(module)"
        }
    }

    /// The module that a line imports, whatever stands around the word.
    static func module(importedBy line: Substring) -> String? {
        var words = line.split(separator: " ")
        while let first = words.first, first.hasPrefix("@") || Self.modifiers.contains(first) { words.removeFirst() }
        guard words.first == "import", words.count > 1 else { return nil }
        let name = Self.kinds.contains(words[1]) && words.count > 2 ? words[2] : words[1]
        return name.split(separator: ".").first.map(String.init)
    }

    private static let modifiers: Set<Substring> = ["public", "package", "internal", "fileprivate", "private"]
    private static let kinds: Set<Substring> = [
        "struct", "class", "enum", "protocol", "func", "var", "let", "typealias",
    ]
}

import FoundationEssentials

/// What the fuzzer begins with: the fixtures, each in the form that its target reads.
struct SeedCorpus {
    /// The repository's `Fixtures`.
    let fixtures: String

    private struct Transcript: Decodable {
        let steps: [String]
    }

    func write(_ target: FuzzTarget, to directory: String) throws {
        for (index, seed) in try seeds(target).enumerated() {
            try Data(seed).write(to: URL(filePath: "\(directory)/seed-\(index)"))
        }
    }

    private func seeds(_ target: FuzzTarget) throws -> [[UInt8]] {
        switch target {
        case .packets: try packets().flatMap { packet in [0, 1, 2, 0x82].map { [$0] + packet } }
        case .websocket: try packets().enumerated().map { Self.framed($1, opcode: [2, 2, 0, 1, 8, 9, 10][$0 % 7]) }
        case .filters: try packets().flatMap(Self.filters)
        case .configuration: try files(below: "mosquitto", "deploy") { $0.hasSuffix(".conf") }
        case .access:
            try files(below: "mosquitto/broken-access-control") { _ in true }
                + files(below: "deploy") { $0.hasSuffix("aclfile") }
        case .journal: try journals()
        }
    }

    /// The packets of the transcripts, a byte that may be any as 0.
    private func packets() throws -> [[UInt8]] {
        try files(below: "mqtt/transcripts") { $0.hasSuffix(".json") }.flatMap { file in
            try JSONDecoder().decode([Transcript].self, from: Data(file)).flatMap { transcript in
                transcript.steps.compactMap(Self.packet)
            }
        }
    }

    /// The bytes of a step: `a sends 30 04 00 01 'tx'`.
    private static func packet(_ step: String) -> [UInt8]? {
        let words = step.split(separator: " ", maxSplits: 2)
        guard words.count == 3, words[2] != "nothing more", words[1] == "sends" || words[1] == "gets" else {
            return nil
        }
        var bytes: [UInt8] = []
        for (index, part) in words[2].split(separator: "'", omittingEmptySubsequences: false).enumerated() {
            if index % 2 == 1 {
                bytes += Array(part.utf8)
            } else {
                bytes += part.split(separator: " ").map { UInt8($0, radix: 16) ?? 0 }
            }
        }
        return bytes
    }

    /// A masked frame and a Close, in one piece or in several.
    private static func framed(_ payload: [UInt8], opcode: UInt8) -> [UInt8] {
        let mask: [UInt8] = [1, 2, 3, 4]
        var frame: [UInt8] = [opcode.isMultiple(of: 2) ? 0xFF : 1, 0, 0x80 | opcode]
        if payload.count < 126 {
            frame.append(0x80 | UInt8(payload.count))
        } else {
            frame += [0xFE, UInt8(payload.count >> 8 & 0xFF), UInt8(payload.count & 0xFF)]
        }
        frame += mask
        for (index, byte) in payload.enumerated() { frame.append(byte ^ mask[index % 4]) }
        return frame + [0x88, 0x80] + mask
    }

    /// A filter and a topic of every text in a packet that could be one.
    private static func filters(_ packet: [UInt8]) -> [[UInt8]] {
        var seeds: [[UInt8]] = []
        for part in packet.split(whereSeparator: { $0 < 0x20 || $0 > 0x7E }) where part.count > 1 {
            let text = [UInt8](part)
            for filter in [text, Array("#".utf8), Array("+/b".utf8), Array("$share/g/a/+".utf8)] {
                seeds.append(filter + [UInt8(ascii: "\n")] + text)
            }
        }
        return seeds
    }

    /// Each segment, and each with the one behind it.
    private func journals() throws -> [[UInt8]] {
        let segments = try files(below: "store") { $0.hasSuffix(".journal") }.map { file -> [UInt8] in
            var groups = Array(file.dropFirst(4_096))
            while groups.last == 0 { groups.removeLast() }
            return file.prefix(124) + groups
        }
        var seeds: [[UInt8]] = []
        for choices: UInt8 in [0, 2, 8, 32] {
            for (index, segment) in segments.enumerated() {
                seeds.append([choices, 0, 0] + segment)
                guard index + 1 < segments.count else { continue }
                let count: [UInt8] = [UInt8(segment.count & 0xFF), UInt8(segment.count >> 8)]
                seeds.append([choices | 1] + count + segment + segments[index + 1])
            }
        }
        return seeds
    }

    private func files(below directories: String..., where isWanted: (String) -> Bool) throws -> [[UInt8]] {
        try directories.flatMap { directory in
            try FileManager.default.subpathsOfDirectory(atPath: "\(fixtures)/\(directory)").sorted().filter(isWanted)
                .map { "\(fixtures)/\(directory)/\($0)" }
                .filter { !(FileManager.default.isDirectory($0)) }
                .map { Array(try Data(contentsOf: URL(filePath: $0))) }
        }
    }
}

extension FileManager {
    fileprivate func isDirectory(_ path: String) -> Bool {
        var isDirectory = false
        return fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory
    }
}

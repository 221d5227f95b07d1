import Glibc

@testable import RetainedStore

/// Looks for secrets in everything that the process has in memory, as somebody does who may read it.
///
/// What is looked for is kept masked, and taken out of its mask only in a piece of memory that is left out, so that the
/// search does not find itself.
final class MemorySearch {
    /// A place where a secret was found.
    struct Hit: CustomStringConvertible {
        var secret: String
        var mapping: String
        /// Whether the mapping is locked into RAM and left out of core dumps.
        var isProtected: Bool

        var description: String { "\(secret) in \(mapping)" }
    }

    private struct Mapping {
        var range: Range<UInt>
        var name: String
        var flags: [Substring] = []
    }

    private static let mask: UInt8 = 0xA7
    private static let chunkBytes = 1 << 20
    private static let pageBytes: UInt = 4_096

    private var secrets: [(name: String, masked: [UInt8])] = []
    private let workspace: UnsafeMutableRawBufferPointer
    private let memory: Int32

    init() throws(EnvironmentError) {
        let bytes = Self.chunkBytes + Int(Self.pageBytes)
        let base = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let base, base != MAP_FAILED else { throw .system("mmap", "") }
        workspace = UnsafeMutableRawBufferPointer(start: base, count: bytes)
        memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC)
        guard memory >= 0 else { throw .system("open", "/proc/self/mem") }
    }

    deinit {
        close(memory)
        munmap(workspace.baseAddress, workspace.count)
    }

    func add(_ name: String, _ secret: SecretBytes) {
        secret.withUnsafeBytes { bytes in
            secrets.append(
                (
                    name,
                    [UInt8](unsafeUninitializedCapacity: bytes.count) { masked, count in
                        for index in 0..<bytes.count { masked[index] = bytes[index] ^ Self.mask }
                        count = bytes.count
                    }
                )
            )
        }
    }

    /// Every place in memory that holds a secret.
    func run() -> [Hit] {
        let own = UInt(bitPattern: workspace.baseAddress)
        return Self.mappings().filter { !$0.range.contains(own) }.flatMap(search)
    }

    /// Whether a file's bytes hold one.
    func isIn(_ bytes: [UInt8]) -> Bool {
        let chunk = UnsafeMutableRawBufferPointer(rebasing: workspace[Int(Self.pageBytes)...])
        var start = 0
        while start < bytes.count {
            let end = min(bytes.count, start + chunk.count)
            chunk.copyBytes(from: bytes[start..<end])
            if secrets.contains(where: { find($0.masked, end - start) }) { return true }
            // A secret that lies across two chunks is whole in one of them.
            start = end == bytes.count ? end : end - 64
        }
        return false
    }

    private func search(_ mapping: Mapping) -> [Hit] {
        var hits: [Hit] = []
        var address = mapping.range.lowerBound
        while address < mapping.range.upperBound {
            let wanted = min(Self.chunkBytes, Int(mapping.range.upperBound - address))
            let count = pread(memory, workspace.baseAddress! + Int(Self.pageBytes), wanted, off_t(address))
            guard count > 0 else {
                // Behind the end of a mapped file, for instance.
                address += Self.pageBytes
                continue
            }
            for secret in secrets where find(secret.masked, count) {
                let isProtected = mapping.flags.contains("lo") && mapping.flags.contains("dd")
                hits.append(Hit(secret: secret.name, mapping: mapping.name, isProtected: isProtected))
            }
            address += UInt(
                count == wanted && count > 64 && address + UInt(count) < mapping.range.upperBound ? count - 64 : count
            )
        }
        return hits
    }

    /// Whether the first bytes of the chunk hold a secret.
    private func find(_ masked: [UInt8], _ count: Int) -> Bool {
        let needle = UnsafeMutableRawBufferPointer(rebasing: workspace[..<masked.count])
        for index in 0..<masked.count { needle[index] = masked[index] ^ Self.mask }
        defer { for index in 0..<masked.count { needle[index] = 0 } }
        guard let needleBase = needle.baseAddress, let base = workspace.baseAddress else { return false }
        let first = Int32(needleBase.load(as: UInt8.self))
        var start = base + Int(Self.pageBytes)
        var left = count - masked.count + 1
        while left > 0, let found = memchr(start, first, left) {
            if memcmp(found, needleBase, masked.count) == 0 { return true }
            left -= found + 1 - start
            start = found + 1
        }
        return false
    }

    /// The mappings that can be read, as proc(5) lists them.
    private static func mappings() -> [Mapping] {
        var mappings: [Mapping] = []
        for line in String(decoding: FileBytes.read("/proc/self/smaps"), as: UTF8.self).split(separator: "\n") {
            let parts = line.split(separator: " ", omittingEmptySubsequences: true)
            let bounds = parts[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
            if bounds.count == 2, parts.count > 1 {
                guard parts[1].hasPrefix("r") else {
                    mappings.append(Mapping(range: bounds[0]..<bounds[0], name: ""))
                    continue
                }
                let name = parts.count > 5 ? parts[5...].joined(separator: " ") : "anonymous memory"
                mappings.append(Mapping(range: bounds[0]..<bounds[1], name: name))
            } else if parts[0] == "VmFlags:", !mappings.isEmpty {
                mappings[mappings.count - 1].flags = Array(parts.dropFirst())
            }
        }
        return mappings
    }
}

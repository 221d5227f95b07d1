/// Counts what is in an index, for comparison with what the index says of itself.
struct IndexTally: ~Copyable {
    var count: UInt64 = 0
    private var valueBytes: UInt64 = 0
    private var digest: SetDigest?

    init(auditKey: SecretBytes?) throws(StoreError) {
        do throws(EnvironmentError) {
            if let auditKey { digest = try SetDigest(key: auditKey) } else { digest = nil }
        } catch {
            throw .environment(error)
        }
    }

    mutating func add(_ record: IndexRecord) {
        count += 1
        valueBytes += UInt64(record.value.count)
        digest?.insert(tag: EnvelopeLayout.tag(of: record.sealed), version: record.version)
    }

    /// What differs.
    mutating func compare(with state: IndexState, file: String) -> [Damage] {
        var damage: [Damage] = []
        func compare(_ field: String, _ expected: String, _ found: String) {
            if expected == found { return }
            damage.append(Damage(file: file, offset: 0, field: field, expected: expected, found: found))
        }
        compare("number of records", "\(state.count)", "\(count)")
        compare("bytes of values", "\(state.valueBytes)", "\(valueBytes)")
        compare("set digest", state.digest.hexadecimal, (digest?.value() ?? 0).hexadecimal)
        return damage
    }
}

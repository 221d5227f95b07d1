extension StoreError {
    /// Damage in a file, its expectation and its finding as text.
    static func damaged<Value>(
        _ file: String,
        at offset: Int,
        _ field: String,
        expected: Value,
        found: Value
    ) -> StoreError {
        .damaged(
            Damage(file: file, offset: UInt64(offset), field: field, expected: "\(expected)", found: "\(found)")
        )
    }
}

extension StoreError {
    /// Calls `body` and wraps what the machine refuses while nothing is being written.
    static func whileReading<Result>(_ body: () throws(EnvironmentError) -> Result) throws(StoreError) -> Result {
        do throws(EnvironmentError) {
            return try body()
        } catch {
            throw .environment(error)
        }
    }
}

extension StoreError {
    /// A cipher that computes MACs.
    static func cipher(_ key: SecretBytes) throws(StoreError) -> AESCMAC {
        do throws(EnvironmentError) {
            return try AESCMAC(key: key)
        } catch {
            throw .environment(error)
        }
    }
}

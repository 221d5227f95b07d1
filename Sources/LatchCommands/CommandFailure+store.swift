import RetainedStore

extension CommandFailure {
    /// Runs what may throw a store's error, and throws what that means for the process.
    ///
    /// - Parameter key: where the key of the store came from.
    static func ofStore<Result: ~Copyable>(
        key: MasterKeySource? = nil,
        _ body: () throws(StoreError) -> Result
    ) throws(CommandFailure) -> Result {
        do throws(StoreError) {
            return try body()
        } catch {
            throw CommandFailure(error, key: key)
        }
    }
}

extension RetainedStore {
    /// Which master keys would open a store: what to tell someone who has none at hand. Needs no key itself.
    ///
    /// - Throws: `missing`, `header` when the file cannot be read or is damaged.
    public static func keySlots(at location: StoreLocation) throws(StoreError) -> [KeySlotSummary] {
        do throws(StoreHeaderError) {
            return try StoreHeader.read(from: location.headerPath).slots.map(\.summary)
        } catch {
            throw StoreError(error, directory: location.directory)
        }
    }
}

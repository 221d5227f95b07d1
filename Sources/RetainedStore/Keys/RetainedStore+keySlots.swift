/// Which master keys open a store. None of this touches data or needs the store to be closed; nor does it revoke anything
/// from somebody who has copied the root key, or an old `latch.store` together with a key that opened it.
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

    /// Lets another master key open a store, beside those that do.
    ///
    /// - Parameter masterKey: One that opens it now.
    /// - Returns: The new slot.
    /// - Throws: `header`: a wrong key, a key that opens the store already, or sixteen slots; `missing`, `damaged`,
    ///   `environment`.
    @discardableResult
    public static func addKey(
        _ newKey: MasterKey,
        at location: StoreLocation,
        openedWith masterKey: MasterKey
    ) throws(StoreError) -> KeySlotSummary {
        try changeSlots(at: location, masterKey) { (header, rootKey) throws(StoreHeaderError) in
            guard header.slots.count < KeyLimits.slotsMax else { throw .noFreeSlot }
            let slot = try newSlot(for: newKey, in: header, rootKey)
            header.slots.append(slot)
            return slot.summary
        }
    }

    /// Puts another master key in the place of the one that is given, in one step.
    ///
    /// - Returns: The new slot.
    /// - Throws: As ``addKey(_:at:openedWith:)``.
    @discardableResult
    public static func replaceKey(
        _ masterKey: MasterKey,
        by newKey: MasterKey,
        at location: StoreLocation
    ) throws(StoreError) -> KeySlotSummary {
        try changeSlots(at: location, masterKey) { (header, rootKey) throws(StoreHeaderError) in
            let slot = try newSlot(for: newKey, in: header, rootKey)
            guard let index = try header.slotIndex(of: masterKey) else { throw .noSlot(fingerprint: "") }
            header.slots[index] = slot
            return slot.summary
        }
    }

    /// Lets a master key open a store no longer. The last one stays.
    ///
    /// - Parameters:
    ///   - fingerprint: The slot's, as ``keySlots(at:)`` shows it.
    ///   - masterKey: One that opens the store now, be it the one that goes.
    /// - Throws: `header`: a wrong key, no such slot, or the only one; `missing`, `damaged`, `environment`.
    public static func removeKey(
        fingerprint: String,
        at location: StoreLocation,
        openedWith masterKey: MasterKey
    ) throws(StoreError) {
        try changeSlots(at: location, masterKey) { (header, _) throws(StoreHeaderError) in
            guard let index = header.slots.firstIndex(where: { $0.summary.fingerprint == fingerprint }) else {
                throw .noSlot(fingerprint: fingerprint)
            }
            guard header.slots.count > 1 else { throw .onlySlot }
            header.slots.remove(at: index)
        }
    }

    private static func newSlot(
        for newKey: MasterKey,
        in header: StoreHeader,
        _ rootKey: RootKey
    ) throws(StoreHeaderError) -> KeySlot {
        if let index = try header.slotIndex(of: newKey) {
            throw .slotExists(fingerprint: header.slots[index].summary.fingerprint)
        }
        return try StoreHeaderError.mapping { () throws(EnvironmentError) in
            try KeySlot(wrapping: rootKey, for: newKey, setID: header.setID)
        }
    }

    /// Reads the header, changes its slots, and replaces the file, alone.
    private static func changeSlots<Result>(
        at location: StoreLocation,
        _ masterKey: MasterKey,
        _ change: (inout StoreHeader, RootKey) throws(StoreHeaderError) -> Result
    ) throws(StoreError) -> Result {
        guard exists(at: location) else { throw .missing(directory: location.directory) }
        do throws(StoreHeaderError) {
            let lock = try StoreHeaderError.mapping { () throws(EnvironmentError) in try HeaderLock(location) }
            defer { withExtendedLifetime(lock) {} }
            var header = try StoreHeader.read(from: location.headerPath)
            let (rootKey, keys) = try header.open(with: masterKey, path: location.headerPath)
            let result = try change(&header, rootKey)
            try StoreHeaderError.mapping { () throws(EnvironmentError) in
                try header.write(to: location.headerPath, keys: keys)
            }
            return result
        } catch {
            throw StoreError(error, directory: location.directory)
        }
    }
}

extension StoreHeader {
    /// The slot that a master key opens; nil if none is for it.
    fileprivate func slotIndex(of masterKey: MasterKey) throws(StoreHeaderError) -> Int? {
        for (index, slot) in slots.enumerated() {
            let outcome = try StoreHeaderError.mapping { () throws(EnvironmentError) in
                try slot.open(with: masterKey, setID: setID)
            }
            if case .opened = outcome { return index }
        }
        return nil
    }
}

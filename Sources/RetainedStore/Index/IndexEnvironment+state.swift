extension IndexEnvironment {
    /// Reads and opens the state; nil if there is none, as in an index that has just been created.
    func state(setID: SetID, key: SecretBytes) throws(StoreError) -> IndexState? {
        let state: IndexState?
        do throws(IndexError) {
            let reader = try IndexReader(self)
            try reader.begin()
            defer { reader.end() }
            guard let sealed = try reader.meta(IndexState.metaKey) else { return nil }
            do throws(EnvironmentError) {
                state = try IndexState.open(sealed, setID: setID, key: key)
            } catch {
                throw .environment(error)
            }
        } catch {
            throw error.storeError(path: path)
        }
        guard let state else {
            throw .damaged(path, at: 0, "state", expected: "a sealed state of this store", found: "other bytes")
        }
        return state
    }

    /// Counts the records of sessions, which stand behind all others.
    func sessionCount() throws(StoreError) -> UInt64 {
        do throws(IndexError) {
            let reader = try IndexReader(self)
            try reader.begin()
            defer { reader.end() }
            var count: UInt64 = 0
            var item = try SessionKey.withFirst { key throws(IndexError) in try reader.seek(key) }
            while item != nil {
                count += 1
                item = try reader.next()
            }
            return count
        } catch {
            throw error.storeError(path: path)
        }
    }

    /// The state of a store's index, which must be there and be of the store's present history.
    func checkedState(_ header: StoreHeader, _ keys: DerivedKeys) throws(StoreError) -> IndexState {
        guard let state = try state(setID: header.setID, key: keys.state) else {
            throw .damaged(path, at: 0, "state", expected: "one", found: "none")
        }
        if state.timeline != header.timeline {
            let expected = header.timeline.hexadecimal
            throw .damaged(path, at: 0, "timeline", expected: expected, found: state.timeline.hexadecimal)
        }
        return state
    }
}

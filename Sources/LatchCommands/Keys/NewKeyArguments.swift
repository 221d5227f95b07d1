import ArgumentParser
import RetainedStore

/// What the commands are told that give a store another key: the store, a key that opens it, and the new one.
struct NewKeyArguments: ParsableArguments {
    @OptionGroup var store: StoreArguments

    @Option(name: .customLong("new"), help: "Where the new key comes from: \(MasterKeySource.forms).")
    var source: MasterKeySource

    /// Changes the store's slots with both keys at hand, says so, and says where the keyring is if the new key does not.
    ///
    /// - Parameter command: as it is typed: `key add`.
    func run(_ command: String, _ body: (KeyChange, MasterKey) throws(StoreError) -> String) throws {
        let change = try KeyChange(command, store)
        let newKey = try source.read()
        try change.run { (change) throws(StoreError) in try body(change, newKey) + change.keyringHint(source) }
    }
}

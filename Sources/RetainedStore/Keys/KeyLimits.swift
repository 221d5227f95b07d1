/// The limits of key handling, each with its reason.
enum KeyLimits {
    /// Key slots of a store: enough for a key per administrator and a change of keys, and one 4 KiB read.
    static let slotsMax = 16

    /// Bytes of `latch.store` that are read: far more than 16 slots take, so that a later version's file is recognised.
    static let headerBytesMax = 65_536

    /// Namespaces (first topic levels) that get a data key of their own. Beyond it namespaces share buckets, so that
    /// clients that publish under random names cannot make the keyring grow without end.
    static let namespaceKeysMax = 4_096

    /// Data keys that the namespaces beyond ``namespaceKeysMax`` share.
    static let bucketKeysCount = 64

    /// A keyring file: half a million entries, a hundred generations of every namespace's key. It is read whole.
    static let keyringBytesMax = 1 << 26

    /// Format.md refuses more than N = 2^20 …
    static let scryptCostLog2Max: UInt8 = 20
    /// … r = 32 …
    static let scryptBlockSizeMax: UInt16 = 32
    /// … p = 16 …
    static let scryptParallelizationMax: UInt16 = 16
    /// … and, taken together, more than 1 GiB: the parameters are read before anything authenticates them.
    static let scryptMemoryBytesMax: UInt64 = 1 << 30
}

/// One level of one or more topic filters. Trivial: integers, and one pointer that `TrieNodes` owns. 48 bytes.
struct TrieNode {
    /// "No node" and "no list".
    static var none: UInt32 { .max }

    /// The name of the level; meaningless for `+` and for the root.
    var key: LevelKey
    /// The bytes of a name too long for `key`, `longNameBytes` of them.
    var longName: UnsafeMutableRawPointer?
    var parent: UInt32 = TrieNode.none
    /// The child for `+`.
    var singleLevelChild: UInt32 = TrieNode.none
    /// How many children there are, `+` included.
    var childCount: UInt32 = 0
    /// Who subscribed to the filter that ends with this level.
    var list: UInt32 = TrieNode.none
    /// Who subscribed to that filter followed by `/#`.
    var multiLevelList: UInt32 = TrieNode.none

    /// Whether nothing hangs on the node any more.
    var isUnused: Bool {
        childCount == 0 && list == TrieNode.none && multiLevelList == TrieNode.none
    }
}

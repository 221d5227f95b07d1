/// The nodes of a subscription trie, and the one table through which a node's children are found.
///
/// The table is open addressed with linear probing. A slot holds the number of a node and its whole hash, so that a node
/// is touched only if it is almost certainly the right one.
///
/// ### Invariants
/// - The table has a power of two of slots, at most five eighths of them filled.
/// - Every node but the root and the `+` nodes stands in the table exactly once.
struct TrieNodes: ~Copyable {
    static var root: UInt32 { 0 }
    private static var freeSlot: UInt64 { .max }

    private let hash: LevelHash
    private var nodes: [TrieNode]
    private var freeNodes: [UInt32] = []
    /// Hash in the upper half, node in the lower.
    private var slots: [UInt64]
    private var mask: UInt32
    private var slotsFilled = 0

    init(hash: LevelHash) {
        self.hash = hash
        nodes = [TrieNode(key: LevelKey(UnsafeRawBufferPointer(start: nil, count: 0), secret: hash))]
        slots = Array(repeating: Self.freeSlot, count: 16)
        mask = 15
    }

    deinit {
        for node in nodes { node.longName?.deallocate() }
    }

    /// How many nodes there are, the root not counted.
    var count: Int { nodes.count - 1 - freeNodes.count }

    subscript(node: UInt32) -> TrieNode { nodes[Int(node)] }

    /// The key of a level, to be used for any number of parents.
    func key(_ level: UnsafeRawBufferPointer) -> LevelKey {
        LevelKey(level, secret: hash)
    }

    /// The child with this name, or `none`.
    func child(of parent: UInt32, named level: UnsafeRawBufferPointer) -> UInt32 {
        child(of: parent, named: level, key: key(level))
    }

    /// The child with this name, or `none`.
    func child(of parent: UInt32, named level: UnsafeRawBufferPointer, key: LevelKey) -> UInt32 {
        let hash = hash.hash(key, parent: parent)
        var slot = hash & mask
        while slots[Int(slot)] != Self.freeSlot {
            let entry = slots[Int(slot)]
            if UInt32(truncatingIfNeeded: entry >> 32) == hash {
                let node = UInt32(truncatingIfNeeded: entry)
                if isChild(node, of: parent, named: level, key: key) { return node }
            }
            slot = (slot &+ 1) & mask
        }
        return TrieNode.none
    }

    private func isChild(_ node: UInt32, of parent: UInt32, named level: UnsafeRawBufferPointer, key: LevelKey) -> Bool
    {
        let candidate = nodes[Int(node)]
        guard candidate.parent == parent, candidate.key == key else { return false }
        guard let longName = candidate.longName else { return true }
        return UnsafeRawBufferPointer(start: longName, count: level.count).elementsEqual(level)
    }

    /// The child with this name, created if need be.
    mutating func insertChild(of parent: UInt32, named level: UnsafeRawBufferPointer) -> UInt32 {
        let key = key(level)
        let existing = child(of: parent, named: level, key: key)
        if existing != TrieNode.none { return existing }

        var node = TrieNode(key: key)
        node.parent = parent
        if key.isLong {
            let name = UnsafeMutableRawBufferPointer.allocate(byteCount: level.count, alignment: 1)
            name.copyMemory(from: level)
            node.longName = name.baseAddress
        }
        let number = add(node)
        if (slotsFilled + 1) * 8 > slots.count * 5 { growTable() }
        fillSlot(hash: hash.hash(key, parent: parent), node: number)
        slotsFilled += 1
        return number
    }

    /// The child for `+`, created if need be.
    mutating func insertSingleLevelChild(of parent: UInt32) -> UInt32 {
        let existing = nodes[Int(parent)].singleLevelChild
        if existing != TrieNode.none { return existing }
        var node = TrieNode(key: nodes[Int(Self.root)].key)
        node.parent = parent
        let number = add(node)
        nodes[Int(parent)].singleLevelChild = number
        return number
    }

    mutating func setList(_ list: UInt32, of node: UInt32, isMultiLevel: Bool) {
        if isMultiLevel {
            nodes[Int(node)].multiLevelList = list
        } else {
            nodes[Int(node)].list = list
        }
    }

    /// Removes the node if nothing hangs on it, then its parent likewise, and so on up.
    mutating func prune(from start: UInt32) {
        var number = start
        while number != Self.root, nodes[Int(number)].isUnused {
            let node = nodes[Int(number)]
            if nodes[Int(node.parent)].singleLevelChild == number {
                nodes[Int(node.parent)].singleLevelChild = TrieNode.none
            } else {
                emptySlot(hash: hash.hash(node.key, parent: node.parent), node: number)
                slotsFilled -= 1
                node.longName?.deallocate()
                nodes[Int(number)].longName = nil
            }
            nodes[Int(node.parent)].childCount -= 1
            freeNodes.append(number)
            number = node.parent
        }
    }

    private mutating func add(_ node: TrieNode) -> UInt32 {
        nodes[Int(node.parent)].childCount += 1
        if let free = freeNodes.popLast() {
            nodes[Int(free)] = node
            return free
        }
        nodes.append(node)
        return UInt32(nodes.count - 1)
    }

    private mutating func fillSlot(hash: UInt32, node: UInt32) {
        var slot = hash & mask
        while slots[Int(slot)] != Self.freeSlot { slot = (slot &+ 1) & mask }
        slots[Int(slot)] = UInt64(hash) << 32 | UInt64(node)
    }

    /// Empties a slot and moves later ones of its run back, so that no probe stops short of what it looks for.
    private mutating func emptySlot(hash: UInt32, node: UInt32) {
        var hole = hash & mask
        while UInt32(truncatingIfNeeded: slots[Int(hole)]) != node { hole = (hole &+ 1) & mask }
        var next = (hole &+ 1) & mask
        while slots[Int(next)] != Self.freeSlot {
            let wanted = UInt32(truncatingIfNeeded: slots[Int(next)] >> 32) & mask
            if (next &- wanted) & mask >= (next &- hole) & mask {
                slots[Int(hole)] = slots[Int(next)]
                hole = next
            }
            next = (next &+ 1) & mask
        }
        slots[Int(hole)] = Self.freeSlot
    }

    private mutating func growTable() {
        let old = slots
        slots = Array(repeating: Self.freeSlot, count: old.count * 2)
        mask = UInt32(slots.count - 1)
        for entry in old where entry != Self.freeSlot {
            fillSlot(hash: UInt32(truncatingIfNeeded: entry >> 32), node: UInt32(truncatingIfNeeded: entry))
        }
    }
}

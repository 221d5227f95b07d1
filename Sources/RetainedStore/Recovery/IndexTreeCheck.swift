/// One tree of ``IndexStructure``: its pages, the order of its keys, and its counts.
final class IndexTreeCheck {
    /// What the records of a tree are.
    enum Content {
        /// Transactions, compared as numbers, and the pages that each of them gave up.
        case freePages
        case databases
        case records
    }

    /// LMDB's limit for keys.
    private static let keyBytesMax = 511

    private let structure: IndexStructure
    private let file: IndexPageFile
    private let content: Content
    private let root: IndexRoot
    private var buffers: [UnsafeMutableRawBufferPointer] = []
    private var value: UnsafeMutableRawBufferPointer
    /// Pages of each kind, and records.
    private var counts = Counts()
    private var isWhole = true
    /// Pages of the tree, in the order in which they were reached.
    private(set) var pages: [UInt64] = []

    private struct Counts {
        var branches: UInt64 = 0
        var leaves: UInt64 = 0
        var overflow: UInt64 = 0
        var records: UInt64 = 0
    }

    /// A node with its value, the pages that the value has for itself read only where the tree is the list of free pages.
    typealias Item = (_ node: IndexNode, _ value: UnsafeRawBufferPointer, _ page: UInt64) -> Void

    init(_ structure: IndexStructure, _ root: IndexRoot, _ content: Content) {
        self.structure = structure
        self.root = root
        self.content = content
        file = structure.file
        value = file.makeBuffer()
    }

    deinit {
        for buffer in buffers { buffer.deallocate() }
        value.deallocate()
    }

    /// Goes through the tree.
    ///
    /// - Parameter place: Where in the file the root is described.
    func run(describedAt place: UInt64, _ item: Item) throws(EnvironmentError) {
        let isDepthRight = root.page == nil ? root.depth == 0 : (1...IndexRoot.depthMax).contains(root.depth)
        guard isDepthRight else {
            let expected = root.page == nil ? "0" : "1 to \(IndexRoot.depthMax)"
            return fail(.init(offset: 6, field: "depth of the tree", expected: expected, found: "\(root.depth)"), place)
        }
        if let page = root.page { try walk(page, level: 0, from: nil, to: nil, item) }
        guard isWhole else { return }
        func compare(_ offset: Int, _ field: String, _ expected: UInt64, _ found: UInt64) {
            if expected == found { return }
            structure.add(.init(offset: offset, field: field, expected: "\(expected)", found: "\(found)"), at: place)
        }
        compare(8, "branch pages", counts.branches, root.branchCount)
        compare(16, "leaf pages", counts.leaves, root.leafCount)
        compare(24, "overflow pages", counts.overflow, root.overflowCount)
        compare(32, "records", counts.records, root.recordCount)
    }

    /// Checks a page and those below it, whose keys are from one to another.
    private func walk(
        _ number: UInt64,
        level: Int,
        from lower: UnsafeRawBufferPointer?,
        to upper: UnsafeRawBufferPointer?,
        _ item: Item
    ) throws(EnvironmentError) {
        guard claim(number, count: 1) else { return }
        while buffers.count <= level { buffers.append(file.makeBuffer()) }
        guard let page = try file.read(number, into: buffers[level]) else {
            return fail(
                .init(offset: 0, field: "page", expected: "readable", found: "an error of the medium"),
                on: number
            )
        }
        let isLeaf = level == root.depth - 1
        if let fault = page.fault(as: isLeaf ? .leaf : .branch) { return fail(fault, on: number) }
        guard let nodes = nodes(of: page, isLeaf: isLeaf) else { return }
        checkRoom(nodes, on: page)
        checkOrder(nodes, isLeaf: isLeaf, from: lower, to: upper, on: number)
        if isLeaf {
            counts.leaves += 1
            for node in nodes { try check(node, on: number, item) }
        } else {
            counts.branches += 1
            for (index, node) in nodes.enumerated() {
                try walk(
                    node.child,
                    level: level + 1,
                    from: index == 0 ? lower : node.key,
                    to: index + 1 < nodes.count ? nodes[index + 1].key : upper,
                    item
                )
            }
        }
    }

    /// Takes pages for this tree; false if LMDB must not go there.
    private func claim(_ number: UInt64, count: UInt64) -> Bool {
        guard number >= 2, count >= 1, count <= file.pageCount, number <= file.pageCount - count,
            number + count - 1 <= structure.lastPage
        else {
            let found = "page \(number), and \(count - min(count, 1)) behind it"
            fail(.init(offset: 0, field: "page", expected: "one of \(file.pageCount)", found: found), on: number)
            return false
        }
        for page in number..<number + count {
            pages.append(page)
            if structure.free.contains(page) { note(.inUse(page), on: page) }
            guard structure.used.insert(page) else {
                fail(.inUse(page), on: page)
                return false
            }
        }
        return true
    }

    /// The nodes of a page; nil if one of them does not lie within it.
    private func nodes(of page: IndexPage, isLeaf: Bool) -> [IndexNode]? {
        // A branch with one child is what a deletion leaves in the list of free pages.
        let countMin = isLeaf || content == .freePages ? 1 : 2
        if page.nodeCount < countMin {
            let found = "\(page.nodeCount)"
            fail(.init(offset: 12, field: "nodes", expected: "at least \(countMin)", found: found), on: page.number)
            return nil
        }
        var nodes: [IndexNode] = []
        nodes.reserveCapacity(page.nodeCount)
        for index in 0..<page.nodeCount {
            guard let node = page.node(index), node.key.count <= Self.keyBytesMax else {
                fail(
                    .init(
                        offset: IndexPage.headerBytes + 2 * index,
                        field: "node \(index)",
                        expected: "one within the page",
                        found: "one beyond it"
                    ),
                    on: page.number
                )
                return nil
            }
            nodes.append(node)
        }
        return nodes
    }

    /// From where the page says that they begin to its end there are nodes, one right behind the other, as LMDB keeps them: what it
    /// puts next goes where the page says that nothing is.
    private func checkRoom(_ nodes: [IndexNode], on page: IndexPage) {
        var end = page.upper
        for node in nodes.sorted(by: { $0.offset < $1.offset }) {
            guard node.offset == end else {
                let found = "\(node.offset)"
                return note(
                    .init(offset: node.offset, field: "node", expected: "one that begins at \(end)", found: found),
                    on: page.number
                )
            }
            end = (node.offset + node.bytes.count + 1) & ~1
        }
        if end != page.bytes.count {
            let expected = "\(page.bytes.count)"
            note(.init(offset: end, field: "end of the nodes", expected: expected, found: "\(end)"), on: page.number)
        }
    }

    private func checkOrder(
        _ nodes: [IndexNode],
        isLeaf: Bool,
        from lower: UnsafeRawBufferPointer?,
        to upper: UnsafeRawBufferPointer?,
        on page: UInt64
    ) {
        var previous: UnsafeRawBufferPointer?
        // The first key of a branch stands for whatever comes before the second.
        for node in isLeaf ? nodes[...] : nodes.dropFirst() {
            let isBehind = previous.map { isBefore($0, node.key) } ?? lower.map { !isBefore(node.key, $0) } ?? true
            if !isBehind || upper.map({ !isBefore(node.key, $0) }) == true {
                let expected = "one between its neighbours"
                note(.init(offset: node.offset, field: "key", expected: expected, found: "another"), on: page)
            }
            previous = node.key
        }
    }

    private func isBefore(_ key: UnsafeRawBufferPointer, _ other: UnsafeRawBufferPointer) -> Bool {
        guard content == .freePages else { return KeyOrder.compare(key, other) < 0 }
        guard key.count == 8, other.count == 8 else { return false }
        return key.loadLittleEndian(at: 0, as: UInt64.self) < other.loadLittleEndian(at: 0, as: UInt64.self)
    }

    /// Checks a leaf's node and the pages that its value has for itself.
    private func check(_ node: IndexNode, on page: UInt64, _ item: Item) throws(EnvironmentError) {
        counts.records += 1
        let areFlagsRight =
            content == .databases
            ? node.flags == IndexNode.databaseFlag && node.data.count == IndexRoot.bytes
            : node.flags & ~IndexNode.bigFlag == 0 && (content == .records || node.key.count == 8)
        guard areFlagsRight else {
            let found = "\(node.flags)"
            return fail(
                .init(offset: node.offset + 4, field: "node", expected: "one of this tree", found: found),
                on: page
            )
        }
        guard let first = node.overflowPage else { return item(node, node.data, page) }
        guard first < file.pageCount, let header = try file.read(first, into: firstPage),
            header.fault(as: .overflow) == nil,
            header.overflowCount * file.pageBytes >= IndexPage.headerBytes + node.valueBytes
        else {
            let expected = "the pages of \(node.valueBytes) bytes"
            let fault = IndexPage.Fault(offset: node.offset, field: "value", expected: expected, found: "others")
            return fail(fault, on: page)
        }
        let count = header.overflowCount
        guard claim(first, count: UInt64(count)) else { return }
        counts.overflow += UInt64(count)
        guard content == .freePages else { return item(node, node.data, page) }
        if value.count < count * file.pageBytes {
            value.deallocate()
            value = file.makeBuffer(pages: count)
        }
        guard
            try file.read(first, into: UnsafeMutableRawBufferPointer(rebasing: value[..<(count * file.pageBytes)]))
                != nil
        else {
            return fail(
                .init(offset: 0, field: "page", expected: "readable", found: "an error of the medium"),
                on: first
            )
        }
        let bytes = value[IndexPage.headerBytes..<IndexPage.headerBytes + node.valueBytes]
        item(node, UnsafeRawBufferPointer(rebasing: bytes), page)
    }

    /// Room for one page.
    private var firstPage: UnsafeMutableRawBufferPointer {
        UnsafeMutableRawBufferPointer(rebasing: value[..<file.pageBytes])
    }

    /// Notes a fault that LMDB reads over.
    private func note(_ fault: IndexPage.Fault, on page: UInt64) {
        isWhole = false
        structure.add(fault, on: page)
    }

    /// Notes a fault that leads LMDB astray.
    private func fail(_ fault: IndexPage.Fault, on page: UInt64) {
        fail(fault, page &* UInt64(file.pageBytes))
    }

    private func fail(_ fault: IndexPage.Fault, _ place: UInt64) {
        isWhole = false
        structure.becomeUnreadable()
        structure.add(fault, at: place)
    }
}

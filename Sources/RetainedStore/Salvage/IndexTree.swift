/// A walk through a tree of LMDB's that goes on behind whatever is broken in it.
final class IndexTree {
    /// A record, valid within the call that brings it.
    struct Item {
        var key: UnsafeRawBufferPointer
        /// nil if the pages that the value has for itself are not sound.
        var value: UnsafeRawBufferPointer?
        /// What stands for it in its page.
        var node: UnsafeRawBufferPointer
        /// Where the node begins in the file.
        var offset: UInt64
        var database: IndexRoot?
        /// Whether something is wrong with the page that it stands on: then it may be anything.
        var isOnBrokenPage = false
    }

    /// Pages that a tree of this file reaches, which no second way leads to.
    private(set) var reached: PageSet
    /// Pages that are known to be in no tree.
    var free: PageSet
    private let file: IndexPageFile
    private var buffers: [UnsafeMutableRawBufferPointer] = []
    private var value: UnsafeMutableRawBufferPointer

    init(_ file: IndexPageFile) {
        self.file = file
        reached = PageSet(count: file.pageCount)
        free = PageSet(count: file.pageCount)
        for page in 0..<min(2, file.pageCount) { reached.insert(page) }
        value = file.makeBuffer()
    }

    deinit {
        for buffer in buffers { buffer.deallocate() }
        value.deallocate()
    }

    /// Walks the tree below a root.
    ///
    /// - Parameters:
    ///   - broken: Receives each page that is not what its parent says, with its bytes if there are any: nothing below it
    ///     is reached.
    ///   - item: Receives each record, in the order of the keys as far as the tree is sound.
    func walk(
        _ root: IndexRoot,
        broken: (Damage, UnsafeRawBufferPointer?) throws(StoreError) -> Void,
        item: (Item) throws(StoreError) -> Void
    ) throws(StoreError) {
        guard let page = root.page else { return }
        guard (1...IndexRoot.depthMax).contains(root.depth) else {
            return try broken(
                Damage(
                    file: file.path,
                    offset: page &* UInt64(file.pageBytes),
                    field: "depth of the tree",
                    expected: "1 to \(IndexRoot.depthMax)",
                    found: "\(root.depth)"
                ),
                nil
            )
        }
        try walk(page, level: 0, depth: root.depth, broken, item)
    }

    private func walk(
        _ number: UInt64,
        level: Int,
        depth: Int,
        _ broken: (Damage, UnsafeRawBufferPointer?) throws(StoreError) -> Void,
        _ item: (Item) throws(StoreError) -> Void
    ) throws(StoreError) {
        func damage(_ fault: IndexPage.Fault) -> Damage {
            Damage(
                file: file.path,
                offset: number &* UInt64(file.pageBytes) &+ UInt64(fault.offset),
                field: fault.field,
                expected: fault.expected,
                found: fault.found
            )
        }
        guard !free.contains(number), reached.insert(number) else {
            let found =
                number >= file.pageCount ? "page \(number) of \(file.pageCount)" : "page \(number), which is none"
            let fault = IndexPage.Fault(offset: 0, field: "page", expected: "one of this tree", found: found)
            return try broken(damage(fault), nil)
        }
        while buffers.count <= level { buffers.append(file.makeBuffer()) }
        let buffer = buffers[level]
        guard let page = try read(number, into: buffer) else {
            let fault = IndexPage.Fault(offset: 0, field: "page", expected: "readable", found: "an error of the medium")
            return try broken(damage(fault), nil)
        }
        let isLeaf = level == depth - 1
        var isBroken = false
        if let fault = page.fault(as: isLeaf ? .leaf : .branch) {
            try broken(damage(fault), page.bytes)
            // The children of a branch are found where nothing leads to them; what a leaf holds proves itself.
            guard isLeaf else { return }
            isBroken = true
        }
        for index in 0..<page.nodeCount {
            guard let node = page.node(index) else {
                let fault = IndexPage.Fault(
                    offset: IndexPage.headerBytes + 2 * index,
                    field: "node \(index)",
                    expected: "one within the page",
                    found: "one beyond it"
                )
                if !isBroken { try broken(damage(fault), page.bytes) }
                isBroken = true
                continue
            }
            if isLeaf {
                try item(try makeItem(node, on: page, isBroken: isBroken))
            } else {
                try walk(node.child, level: level + 1, depth: depth, broken, item)
            }
        }
    }

    /// Brings the records of a leaf page that no tree leads to.
    func readLeaf(_ number: UInt64, item: (Item) throws(StoreError) -> Void) throws(StoreError) {
        if buffers.isEmpty { buffers.append(file.makeBuffer()) }
        guard let page = try read(number, into: buffers[0]), page.fault(as: .leaf) == nil else { return }
        for index in 0..<page.nodeCount {
            if let node = page.node(index) { try item(try makeItem(node, on: page, isBroken: false)) }
        }
    }

    private func makeItem(_ node: IndexNode, on page: IndexPage, isBroken: Bool) throws(StoreError) -> Item {
        Item(
            key: node.key,
            value: try value(of: node),
            node: node.bytes,
            offset: page.number * UInt64(file.pageBytes) + UInt64(node.offset),
            database: node.database,
            isOnBrokenPage: isBroken
        )
    }

    private func value(of node: IndexNode) throws(StoreError) -> UnsafeRawBufferPointer? {
        guard let number = node.overflowPage else { return node.data }
        return try overflow(number, bytes: node.valueBytes)
    }

    /// The value that begins on an overflow page; nil if there is none.
    private func overflow(_ number: UInt64, bytes: Int) throws(StoreError) -> UnsafeRawBufferPointer? {
        let pages = (IndexPage.headerBytes + bytes + file.pageBytes - 1) / file.pageBytes
        guard number < file.pageCount, UInt64(pages) <= file.pageCount - number else { return nil }
        if value.count != pages * file.pageBytes {
            value.deallocate()
            value = file.makeBuffer(pages: pages)
        }
        guard let page = try read(number, into: value), page.fault(as: .overflow) == nil, page.overflowCount >= pages
        else { return nil }
        // More than it needs has a value that took the place of a longer one in one transaction.
        for page in number..<min(number + UInt64(page.overflowCount), file.pageCount) { reached.insert(page) }
        let range = IndexPage.headerBytes..<IndexPage.headerBytes + bytes
        return UnsafeRawBufferPointer(rebasing: value[range])
    }

    private func read(_ page: UInt64, into buffer: UnsafeMutableRawBufferPointer) throws(StoreError) -> IndexPage? {
        try StoreError.whileReading { () throws(EnvironmentError) in try file.read(page, into: buffer) }
    }
}

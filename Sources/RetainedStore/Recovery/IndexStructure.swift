/// Looks at every page of LMDB's file that is in use, before LMDB does, which takes all of them at their word.
///
/// What LMDB would read does not say enough: a page that stands in the list of free ones and is in use all the same reads
/// well until the next checkpoint overwrites it, and a key in a branch that is not where it belongs hides a record from
/// whoever looks for it and not from whoever goes through all of them. So this checks that every page is in one place only,
/// that keys are in order across pages, that nothing on a page overlaps, and that the counts are right. It needs no key.
///
/// Pages that are neither in use nor in the list of free ones are passed over: they are lost to LMDB, and harm nobody.
final class IndexStructure {
    /// The most pages that a transaction dirties (`MDB_IDL_UM_MAX`): so far may the last page lie behind the file's end, when
    /// the pages between were let go of in the transaction that took them.
    private static let dirtyPagesMax: UInt64 = 131_071
    /// Keys of the list of free pages are transactions, compared as numbers (`MDB_INTEGERKEY`).
    private static let integerKeyFlag: UInt16 = 8
    /// What an environment that was opened as a single file leaves in the flags (`MDB_NOSUBDIR`), as a compaction's copy is.
    private static let singleFileFlag: UInt16 = 0x4000

    let file: IndexPageFile
    /// What is wrong, at most as much as a report keeps.
    private(set) var damage: [Damage] = []
    /// Whether LMDB can go through the trees without leaving the file or its pages.
    private(set) var isReadable = true
    /// Pages of trees.
    var used = PageSet(count: 0)
    /// Pages in the list of free ones.
    private(set) var free = PageSet(count: 0)
    private(set) var lastPage: UInt64 = 0

    /// Reads the meta pages.
    init(path: String) throws(EnvironmentError) {
        file = try IndexPageFile(path: path)
        checkMetas()
    }

    /// What there is to say of a store's index; nil if it has none.
    static func walked(at location: StoreLocation) throws(StoreError) -> IndexStructure? {
        let path = location.indexPath + "/" + IndexEnvironment.dataName
        guard RetainedStore.exists(path: path) else { return nil }
        return try StoreError.whileReading { () throws(EnvironmentError) in
            let structure = try IndexStructure(path: path)
            try structure.walk()
            return structure
        }
    }

    /// Goes through the trees of the meta page that is in force.
    func walk() throws(EnvironmentError) {
        guard isReadable, let meta = current else { return }
        lastPage = meta.meta.lastPage
        let count = max(file.pageCount, lastPage + 1)
        used = PageSet(count: count)
        free = PageSet(count: count)
        try readFreeList(meta.meta, on: meta.page)
        let place = meta.page * UInt64(file.pageBytes)
        if let lost = (file.pageCount..<max(file.pageCount, lastPage + 1)).first(where: { !free.contains($0) }) {
            let fault = IndexPage.Fault(offset: 136, field: "last page", expected: "\(lost - 1)", found: "\(lastPage)")
            add(fault, on: meta.page)
        }
        var databases: [(name: String, root: IndexRoot, place: UInt64)] = []
        try IndexTreeCheck(self, meta.meta.databases, .databases).run(describedAt: place + 88) { (node, value, page) in
            let place = page * UInt64(file.pageBytes) + UInt64(node.offset + IndexNode.headerBytes + node.key.count)
            databases.append((String(decoding: node.key, as: UTF8.self), IndexRoot(value, at: 0), place))
        }
        if databases.map(\.name) != ["meta", "retained"] {
            let fault = IndexPage.Fault(offset: 88, field: "databases", expected: "meta, retained", found: "others")
            add(fault, on: meta.page)
        }
        for database in databases {
            if database.root.flags != 0 {
                becomeUnreadable()
                let found = "\(database.root.flags)"
                add(.init(offset: 4, field: "flags of a database", expected: "0", found: found), at: database.place)
            }
            try IndexTreeCheck(self, database.root, .records).run(describedAt: database.place) { (_, _, _) in }
        }
    }

    /// The meta page that LMDB goes by.
    private var current: (page: UInt64, meta: IndexMeta)? {
        guard file.metas.count == 2 else { return nil }
        return file.metas[1].meta.transaction > file.metas[0].meta.transaction ? file.metas[1] : file.metas[0]
    }

    private func checkMetas() {
        for page in [UInt64(0), 1] where !file.metas.contains(where: { $0.page == page }) {
            becomeUnreadable()
            add(.init(offset: 0, field: "meta page", expected: "one of LMDB's", found: "other bytes"), on: page)
        }
        for (page, meta) in file.metas {
            // LMDB writes each transaction's to the page of its parity, and looks there for what it takes to be the last one.
            if meta.transaction != 0, meta.transaction & 1 != page {
                becomeUnreadable()
                let found = "\(meta.transaction)"
                add(.init(offset: 144, field: "transaction", expected: "one for page \(page)", found: found), on: page)
            }
            let flags = meta.freePages.flags & ~Self.singleFileFlag
            if flags != Self.integerKeyFlag || meta.databases.flags != 0 {
                becomeUnreadable()
                let found = "\(flags) and \(meta.databases.flags)"
                let expected = "\(Self.integerKeyFlag) and 0"
                add(.init(offset: 44, field: "flags of LMDB's", expected: expected, found: found), on: page)
            }
        }
        guard let current else { return }
        let end = file.pageCount + Self.dirtyPagesMax
        if current.meta.lastPage < 1 || current.meta.lastPage >= end {
            becomeUnreadable()
            let found = "\(current.meta.lastPage)"
            add(.init(offset: 136, field: "last page", expected: "1 to \(end)", found: found), on: current.page)
        }
    }

    /// Reads the list of free pages: transactions, and the pages that each of them gave up.
    private func readFreeList(_ meta: IndexMeta, on page: UInt64) throws(EnvironmentError) {
        let tree = IndexTreeCheck(self, meta.freePages, .freePages)
        try tree.run(describedAt: page * UInt64(file.pageBytes) + 40) { (node, value, page) in
            func fault(_ field: String, _ expected: String, _ found: String) {
                add(.init(offset: node.offset, field: field, expected: expected, found: found), on: page)
            }
            let transaction: UInt64 = node.key.loadLittleEndian(at: 0)
            if transaction > meta.transaction {
                fault("transaction of free pages", "at most \(meta.transaction)", "\(transaction)")
            }
            enterFree(value, fault)
        }
        for page in tree.pages where free.contains(page) { add(.inUse(page), on: page) }
    }

    private func enterFree(_ value: UnsafeRawBufferPointer, _ fault: (String, String, String) -> Void) {
        let count: UInt64 = value.count >= 8 ? value.loadLittleEndian(at: 0) : .max
        guard value.count >= 8, count <= UInt64(value.count / 8 - 1) else {
            return fault("number of free pages", "at most \(max(1, value.count / 8) - 1)", "\(count)")
        }
        var previous = lastPage + 1
        for index in 1..<Int(count) + 1 {
            let page: UInt64 = value.loadLittleEndian(at: 8 * index)
            // LMDB keeps them in this order, and relies on it.
            guard page >= 2, page < previous, free.insert(page) else {
                return fault("free page", "one from 2 to \(previous - 1), once", "\(page)")
            }
            previous = page
        }
    }

    /// Notes a fault on a page.
    func add(_ fault: IndexPage.Fault, on page: UInt64) {
        add(fault, at: page &* UInt64(file.pageBytes))
    }

    /// Notes a fault, whose place is counted from another one.
    func add(_ fault: IndexPage.Fault, at base: UInt64) {
        guard damage.count < VerificationReport.damageMax else { return }
        damage.append(
            Damage(
                file: file.path,
                offset: base &+ UInt64(fault.offset),
                field: fault.field,
                expected: fault.expected,
                found: fault.found
            )
        )
    }

    /// Notes that LMDB would leave the file or a page if it went through the trees.
    func becomeUnreadable() { isReadable = false }
}

extension IndexPage.Fault {
    /// A page that something leads to which it does not belong to.
    static func inUse(_ page: UInt64) -> Self {
        Self(
            offset: 0,
            field: "page",
            expected: "one that is used once",
            found: "page \(page), which is free or used twice"
        )
    }
}

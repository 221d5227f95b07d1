import RetainedStore

/// What `latch compact` did, for a person or for a program.
struct CompactionSummary: VerbReport, Equatable {
    var store: String
    var bytesBefore: UInt64
    var bytesAfter: UInt64
    var records: UInt64

    init(store: String, _ report: CompactionReport) {
        self.store = store
        bytesBefore = report.bytesBefore
        bytesAfter = report.bytesAfter
        records = report.recordCount
    }

    var text: String {
        let share = bytesBefore > bytesAfter ? Double(bytesBefore - bytesAfter) / Double(bytesBefore) * 100 : 0
        return """
            store       \(store)
            records     \(LoadReport.grouped(Int(records)))
            before      \(LoadReport.grouped(Int(bytesBefore))) bytes
            after       \(LoadReport.grouped(Int(bytesAfter))) bytes, \(LoadReport.fixed(share, digits: 1)) % less
            """
    }
}

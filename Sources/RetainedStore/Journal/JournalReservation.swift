/// Slots in a group that one batch has to fill.
struct JournalReservation {
    let group: GroupBuffer
    /// Where in the group's memory the first slot begins.
    let offset: Int
    /// LSN of the first record.
    let firstLSN: UInt64
}

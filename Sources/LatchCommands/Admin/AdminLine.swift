/// A line of the answer on the admin socket: any number that tell of progress or hold an item, then one with `result` or
/// `error`.
struct AdminLine<Report: VerbReport>: Codable {
    /// How much has been done.
    var progress: String?
    /// A message that was asked for.
    var item: RetainedItem?
    /// It was done.
    var result: Report?
    /// It was not done, and why.
    var error: String?
    /// With `error`: the code that a command ends with.
    var status: Int32?
}

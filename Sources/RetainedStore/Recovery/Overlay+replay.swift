extension Overlay {
    /// Replaces an overlay that is full by a larger one: what a journal brings at opening is bounded by its bytes, not
    /// by the overlay's limits.
    static func makeRoom(in overlay: inout Overlay) throws(StoreError) {
        guard overlay.isFull else { return }
        do throws(EnvironmentError) {
            overlay = try Overlay(copying: overlay, capacity: overlay.capacity * 2)
        } catch {
            throw .environment(error)
        }
    }
}

/// What the engine's threads tell those who wait.
public enum StoreProgress: Sendable {
    /// Every record up to this LSN may be acknowledged, under the store's sync policy.
    case durable(UInt64)
    /// What `RetainedStore.isUnderPressure` stood for, or what made writers throw `full`, is over.
    case relieved
    /// Nothing is acknowledged any more until the store is opened again (design, D2).
    case failed(StoreError)
}

@testable import RetainedStore

/// The store's own HKDF, for tests that import swift-crypto's too: the module's name, which would tell them apart, is a type's.
typealias StoreHKDF = HKDF

/// A name and a value without meaning for the protocol (2.2.2.2 User Property); the same name may appear twice.
public struct UserProperty: Sendable, Hashable {
    public let name: UTF8String
    public let value: UTF8String

    public init(name: UTF8String, value: UTF8String) {
        self.name = name
        self.value = value
    }
}

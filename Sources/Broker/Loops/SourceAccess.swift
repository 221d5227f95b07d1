import MQTTProtocol

/// The rights of the publisher of retained messages, remembered from one message to the next: a user's messages lie together.
struct SourceAccess {
    private var clientID: [UInt8] = []
    private var userName: [UInt8] = []
    private var access: IdentityAccess?

    mutating func allows(
        clientID: UnsafeRawBufferPointer,
        userName: UnsafeRawBufferPointer,
        topic: UnsafeRawBufferPointer,
        rules: AccessRules
    ) -> Bool {
        if access == nil || !self.clientID.elementsEqual(clientID) || !self.userName.elementsEqual(userName) {
            self.clientID = Array(clientID)
            self.userName = Array(userName)
            access = rules.view(userName: userName.isEmpty ? nil : self.userName, clientID: self.clientID)
        }
        return access?.allows(.write, topic: topic) ?? false
    }
}

/// The accounts of addresses: limits differ for those of the internet, and for private ones and the machine's own.
struct AddressAccounts: Sendable {
    private let ofPrivate: AccountRegister
    private let ofPublic: AccountRegister

    init(limits: AddressLimits, publicLimits: AddressLimits) {
        ofPrivate = AccountRegister(limits: limits.clients)
        ofPublic = AccountRegister(limits: publicLimits.clients)
    }

    /// Where an address has its account.
    subscript(_ address: InternetAddress) -> AccountRegister { address.isPublic ? ofPublic : ofPrivate }
}

/// What a look at a token came to.
public enum TokenVerdict: Sendable, Equatable {
    case accepted(TokenIdentity)
    case refused(TokenRefusal)
}

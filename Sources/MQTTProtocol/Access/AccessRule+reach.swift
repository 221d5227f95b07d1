public import MQTTWire

extension AccessRule {
    /// How the topics of a rule and those of a filter lie to each other.
    public enum Reach: Sendable, Equatable {
        /// The rule speaks about every topic of the filter.
        case covers
        /// It speaks about some of them.
        case overlaps
        /// It speaks about none.
        case apart
    }

    /// How the rule lies to a filter, for whoever reads an access control list; decisions are ``IdentityAccess``'s.
    ///
    /// In a rule for everybody `%u` and `%c` stand for any name, so that such a rule covers a filter only where it does so for each client.
    ///
    /// - Parameter filter: as it stands in SUBSCRIBE.
    public func reach(over filter: TopicFilter) -> Reach {
        let own = subject == .everybody ? AccessPattern(filter: self.filter).forAnyClient : self.filter
        return filter.withMatchedBytes { filter in
            own.withUnsafeBytes { own in
                guard TopicFilter.intersect(own, filter) else { return .apart }
                let namesClient = subject == .everybody && AccessPattern(filter: self.filter).namesClient
                let isCovered =
                    FilterShape(of: self.filter) == .everything || TopicFilter.covers(outer: own, inner: filter)
                return isCovered && !namesClient ? .covers : .overlaps
            }
        }
    }
}

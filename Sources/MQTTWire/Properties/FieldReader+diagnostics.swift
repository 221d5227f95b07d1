extension FieldReader {
    /// Reads a property section with nothing but a reason string and user properties (3.9.2.1, 3.11.2.1).
    mutating func readDiagnostics() throws(DecodingError) -> (UTF8String?, [UserProperty]) {
        var reasonString: UTF8String?
        var userProperties: [UserProperty] = []
        var properties = PropertyReader(try readPropertySection(), allowed: .acknowledgement)
        while let property = try properties.next() {
            if property.identifier == .reasonString {
                reasonString = property.text
            } else {
                userProperties.append(property.userProperty)
            }
        }
        return (reasonString, userProperties)
    }
}

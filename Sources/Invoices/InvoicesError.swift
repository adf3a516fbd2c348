/// What stops the making of an invoice.
public struct InvoicesError: Error, Hashable, Sendable {
    /// What went wrong.
    public enum Code: Hashable, Sendable {
        /// A sum or product has more digits than 128 bits hold.
        case tooLarge
        /// A line of the accountant's totals is not understood.
        case totals
    }

    /// What went wrong.
    public let code: Code
    /// Where: a transaction, or a line of a file.
    public let place: String
    /// What was expected, for people.
    public let detail: String

    init(_ code: Code, at place: String, _ detail: String) {
        self.code = code
        self.place = place
        self.detail = detail
    }
}

extension InvoicesError: CustomStringConvertible {
    /// One line: where, what.
    public var description: String { place.isEmpty ? detail : "\(place): \(detail)" }
}

public import Transactions

/// Why the API gave no usable answer.
public struct OCCClientError: Error, Sendable, CustomStringConvertible {
    /// The kind of failure, which decides the exit status.
    public struct Code: Hashable, Sendable {
        enum Name: String { case unreachable, refused, notUnderstood, clock, secret }
        let name: Name

        /// Nobody answered in time, or the server failed; another try may go well.
        public static let unreachable = Code(name: .unreachable)
        /// The API said no; sending the same again changes nothing.
        public static let refused = Code(name: .refused)
        /// The answer is not what the API document describes.
        public static let notUnderstood = Code(name: .notUnderstood)
        /// The local clock is more than five minutes off.
        public static let clock = Code(name: .clock)
        /// The pre-shared key cannot be had.
        public static let secret = Code(name: .secret)
    }

    /// The kind of failure.
    public let code: Code
    /// The operation asked for; empty where it never came to that.
    public var operation: String
    /// The contract asked for.
    public var contract: String?
    /// The window asked for.
    public var window: Window?
    /// What is wrong.
    public internal(set) var message: String
    /// The HTTP status, if there was an answer.
    public let status: Int?
    /// After a 401: what to look at, the likeliest first.
    public internal(set) var hints: [String] = []
    /// After a 401: the text that was signed; it holds no secret.
    public internal(set) var canonicalString: String?
    /// Whether the feed seems not to be enabled for this access id (trap 34).
    public internal(set) var isFeedNotEnabled = false

    init(
        _ code: Code,
        _ message: String,
        operation: String = "",
        contract: String? = nil,
        window: Window? = nil,
        status: Int? = nil
    ) {
        self.code = code
        self.message = message
        self.operation = operation
        self.contract = contract
        self.window = window
        self.status = status
    }

    /// One line: operation, contract, window, what is wrong.
    public var description: String {
        var place = operation
        if let contract { place += " of contract \(contract)" }
        if let window { place += " for \(window)" }
        return place.isEmpty ? message : "\(place): \(message)"
    }
}

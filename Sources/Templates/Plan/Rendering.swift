public import Transactions

/// Where rendered files go, one after the other.
public protocol FileSink {
    /// Begins a file; names are plain and unlike each other.
    mutating func begin(_ name: String) throws
    /// Appends bytes to the file.
    mutating func write(_ bytes: [UInt8]) throws
    /// Ends the file.
    mutating func end() throws
}

/// One file as it was written.
public struct RenderedFile: Sendable {
    /// A sum that was selected and found in what was written.
    public struct ControlTotal: Sendable, Hashable {
        /// Its name in the template.
        public let name: String
        /// What the transactions add up to.
        public let selected: String
        /// What the records add up to.
        public let written: String
    }

    /// The file's name.
    public let name: String
    /// `delimited`, `fixed_width`, `xml` or `text`.
    public let kind: String
    /// The encoding's name.
    public let encoding: String
    /// Records written.
    public let records: Int
    /// Bytes written.
    public let bytes: Int
    /// Sums that agree between selection and file.
    public let controlTotals: [ControlTotal]
    /// Texts altered by the template's policies, by kind; empty when none was.
    public let substitutions: [String: Int]
    /// The XSD files it was validated against.
    public let schemas: [String]
    /// The delimiter of delimited text.
    public let delimiter: String?
}

/// What a plan made of the transactions given.
public struct Rendering: Sendable {
    /// The files, in the order written.
    public let files: [RenderedFile]
    /// The transactions that stand in them, in order.
    public let carried: [Transaction]
    /// Those that do not, and why.
    public let rejected: [(key: TransactionKey, reason: Reason)]
}

/// Why nothing was rendered.
public struct RenderingError: Error, CustomStringConvertible {
    /// What is wrong, where, and what to do.
    public let diagnostic: Diagnostic

    /// The diagnostic in one line.
    public var description: String { diagnostic.oneLine }
}

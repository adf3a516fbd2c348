public import Transactions

/// Where rendered files go, one after the other; from one thread at a time, not always the same.
public protocol FileSink: Sendable {
    /// Begins a file; names are plain and unlike each other.
    mutating func begin(_ name: String) throws
    /// Appends bytes to the file.
    mutating func write(_ bytes: [UInt8]) throws
    /// Ends the file.
    mutating func end() throws
    /// Forgets every file so far, the open one too: the rendering begins again without what it had to
    /// reject.
    mutating func restart() throws
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
    /// The package that holds it; nil when it stands by itself.
    public let package: String?
    /// `delimited`, `fixed_width`, `xml`, `text` or `json`.
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
    /// The file's place among those that the template declares, from 0.
    public let declaration: Int
}

/// What a plan made of the transactions given.
public struct Rendering: Sendable {
    /// A transaction that is not in the files.
    public struct Rejected: Sendable {
        /// Its place in the source.
        public let position: Int
        /// Which transaction it is.
        public let key: TransactionKey
        /// Why it cannot be mapped.
        public let reason: Reason
    }

    /// An invoice that was made.
    public struct Invoice: Sendable {
        /// Its number.
        public let number: String
        /// The exact sum of `totalPrice` over the rows that are its lines.
        public let total: ExactDecimal
    }

    /// The files, in the order written.
    public let files: [RenderedFile]
    /// Transactions that stand in them.
    public let count: Int
    /// Those that do not, and why, in the source's order.
    public let rejected: [Rejected]
    /// What people must know of the documents in the files: texts cut, rows left out, rounding.
    public let notices: [String]
    /// The invoices made; none where the template makes none.
    public let invoices: [Invoice]
    /// What went wrong with single transactions and documents, with its places in the template.
    public let diagnostics: [Diagnostic]
    /// The serial of the first document; nil where documents have none, or there is no document.
    public let firstSerial: Int?
    /// The serial that the next batch's first document gets; nil where documents have none.
    public let nextSerial: Int?
    /// How many passes over the transactions were begun from the first file.
    public let passes: Int

    /// The transactions that stand in the files, of the array that was rendered.
    public func carried(of selected: [SelectedTransaction]) -> [SelectedTransaction] {
        let gone = Set(rejected.map(\.position))
        return selected.indices.filter { !gone.contains($0) }.map { selected[$0] }
    }
}

/// Why nothing was rendered.
public struct RenderingError: Error, CustomStringConvertible {
    /// What is wrong, where, and what to do.
    public let diagnostic: Diagnostic

    init(diagnostic: Diagnostic) { self.diagnostic = diagnostic }

    /// A problem that no transaction, group or document stands around.
    init(_ problem: FieldProblem) {
        diagnostic = problem.node.diagnostic(
            problem.reason.name,
            problem.reason.message,
            cure: problem.cure ?? "mend the template, or the data"
        )
    }

    /// The diagnostic in one line.
    public var description: String { diagnostic.oneLine }
}

internal import Expressions
internal import Transactions

/// Gives the bytes of a file, piece by piece.
public typealias ByteSource = (_ take: (ArraySlice<UInt8>) throws -> Void) throws -> Void

/// What was found in a file that was read back.
public struct FoundFile: Sendable {
    /// Records found, header and trailer included; -1 where they cannot be told apart.
    public internal(set) var records = 0
    /// Cells of the first record of delimited text.
    public internal(set) var firstRecord: [String] = []
    /// Whether records of delimited text end with CR LF.
    public internal(set) var hasCarriageReturns = false
    /// Names of the control totals that were added up from the file's own bytes.
    public var totalsFound: [String] { controlTotals.map(\.name) }

    var controlTotals: [(name: String, value: Value)] = []
    /// Whether a record was taken for the likeliest of several that it may be.
    var hasGuesses = false
}

extension Plan {
    /// Reads a written file as a stranger would who has only the template: delimited text and JSON are
    /// parsed, fixed widths measured, and the amounts of its records added up and held against its
    /// control totals, to the last place.
    ///
    /// A control total is told only where each record is one of a kind and its amounts can be read;
    /// XML is not read here.
    ///
    /// - Throws: `RenderingError` that names the record or the figure that differs; what `source` throws.
    public func readBack(
        _ file: RenderedFile,
        batch: BatchContext,
        from source: @escaping ByteSource
    ) throws
        -> FoundFile
    {
        guard files.indices.contains(file.declaration) else { return FoundFile() }
        let reading = FileReading(file, files[file.declaration], self, batch)
        do {
            try reading.read(source)
        } catch let problem as ReadBackProblem {
            throw Self.different(file, "read back: record \(problem.line): \(problem.message)")
        }
        let found = reading.found
        // Lines of text may be several to a record, and are counted as they are told apart.
        if found.records >= 0, ["delimited", "fixed_width", "json"].contains(file.kind),
            found.records != file.records
        {
            throw Self.different(
                file,
                "read back as \(found.records) records, \(file.records) were written"
            )
        }
        try compare(found, file)
        return found
    }

    private func compare(_ found: FoundFile, _ file: RenderedFile) throws {
        var all = (found: ExactDecimal.zero, written: ExactDecimal.zero)
        var different: (total: RenderedFile.ControlTotal, text: String)?
        for (name, value) in found.controlTotals {
            guard let total = file.controlTotals.first(where: { $0.name == name }) else { continue }
            let text = Self.plainText(value)
            if let number = ExactDecimal(text), let written = ExactDecimal(total.written) {
                all.found = all.found.adding(number) ?? all.found
                all.written = all.written.adding(written) ?? all.written
            }
            guard text != total.written else { continue }
            // A text that a policy altered may have decided what is summed.
            if !file.substitutions.isEmpty, !isPlainSum(name, files[file.declaration]) { continue }
            different = different ?? (total, text)
        }
        guard let (total, text) = different else { return }
        // A record taken for another of the same file moves its amount from one total to the other.
        if found.hasGuesses, all.found == all.written { return }
        throw Self.different(
            file,
            "control total '\(total.name)': its records add up to \(text) in the file; selected were \(total.selected)",
            name: "control-total"
        )
    }

    private static func different(
        _ file: RenderedFile,
        _ message: String,
        name: String = "read-back"
    )
        -> RenderingError
    {
        RenderingError(
            diagnostic: Diagnostic(
                name,
                message,
                cure: "nothing was published; is the disk sound? If so, report it",
                file: file.name
            )
        )
    }

    /// Whether a total adds up single cells, whatever the others hold.
    private func isPlainSum(_ name: String, _ file: CompiledFile) -> Bool {
        file.controlTotals.first { $0.name == name }?.written.streams.allSatisfy { stream in
            let sum = levels[stream.level].written[stream.accumulator]
            return sum.condition == nil && (sum.body == nil || sum.member != nil)
        } ?? false
    }

    private static func plainText(_ value: Value) -> String {
        switch value {
        case .int(let number): "\(number)"
        case .decimal(let number): number.normalized.description
        default: value.text ?? ""
        }
    }
}

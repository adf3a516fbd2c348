internal import Expressions
internal import Transactions

extension Plan {
    /// Tries the skeletons on made-up rows: what they make must be XML, and valid by the schemas that are there.
    ///
    /// Lookups answer every question meanwhile. Rows that the template rejects prove nothing and are left
    /// out. What is wrong on plain rows is a mistake; what is wrong without what may be absent, or with odd
    /// characters, is a warning, for real rows may never be so.
    public func proveSkeletons(_ findings: Findings) {
        let skeletons = template.files.compactMap { file -> ExpressionText? in
            if case .skeleton(let text) = file.tree.writing { text } else { nil }
        }
        guard let skeleton = skeletons.first,
            documents.map({ $0.invoices == nil || $0.invoices?.assembler != nil }) ?? true,
            let created = UTCTimestamp("2026-11-24T03:00:00Z")
        else { return }
        for table in lookups { table.answersAll(true) }
        defer { for table in lookups { table.answersAll(false) } }
        let rows = MadeUpRows(feed: feed, required: selection.required)
        let batch = BatchContext(
            id: "check",
            number: 1,
            created: created,
            day: timeZone.localTime(at: created).date
        )
        for variant in MadeUpRows.Variant.allCases {
            guard let problem = problem(rows.transactions(variant), batch) else { continue }
            let place = problem.line > 0 ? " (line \(problem.line) of it)" : ""
            let diagnostic = skeleton.node.diagnostic(
                "xml",
                "\(variant.description) the document is wrong: \(problem.message)\(place)",
                cure: "mend the skeleton; occ-export render shows the document",
                severity: variant == .whole ? .error : .warning
            )
            if variant == .whole {
                findings.report(diagnostic)
            } else {
                findings.warn([diagnostic])
            }
            // The same is wrong with the others.
            if variant == .whole { return }
        }
    }

    /// What is wrong with the documents of some rows; nil where nothing is, or none was made.
    private func problem(_ transactions: [Transaction], _ batch: BatchContext) -> Diagnostic? {
        var selector = selector(batch: batch)
        let selected = transactions.compactMap { transaction -> SelectedTransaction? in
            if case .selected(let one) = selector.outcome(of: transaction) { one } else { nil }
        }
        do {
            let (rendering, contents) = try rendered(selected, batch: batch)
            for file in rendering.files where file.kind == "xml" {
                _ = try XMLSchemas(file.schemas).check(contents[file.name] ?? [], file: file.name)
            }
            return nil
        } catch let problem as Diagnostic {
            return problem
        } catch {
            // Checks and control totals speak of real rows.
            return nil
        }
    }
}

internal import Crypto
internal import Delivery
internal import Foundation
internal import Templates
internal import Transactions

/// An export with its template proven.
struct ExportPlan: Sendable {
    let export: Configuration.Export
    let plan: Plan
    /// SHA-256 over the template's files by name.
    let templateHash: String
    /// Whether the template says what becomes of a reversal.
    let acceptsReversals: Bool
    /// Hash of what decides the selection: another one, and every transaction is considered anew.
    let selection: [UInt8]
    /// Whether `when` may come out otherwise another day.
    let dependsOnDay: Bool
    /// Whether the export's start is a day of invoices, not of purchases: a document that waits for its
    /// invoice would otherwise lack what was bought before.
    let startsByInvoiceDate: Bool
    /// Whether the template makes invoices.
    let makesInvoices: Bool

    /// Proves the template of an export; nothing was fetched yet.
    ///
    /// `findings` takes all that is wrong with the template; without it the first thing is thrown.
    init(_ export: Configuration.Export, timeZone: TimeZoneRules, findings: Findings? = nil) throws
    {
        self.export = export
        let template = try Template(folder: export.template, findings: findings)
        plan = try Plan(
            template: template,
            parameters: export.parameters,
            lookups: export.lookups,
            owner: export.node,
            timeZone: timeZone,
            when: export.when,
            programVersion: Program.version,
            invoices: try InvoiceConfiguration.options(
                export.invoice,
                for: template,
                owner: export.node
            ),
            findings: findings
        )
        acceptsReversals = template.acceptsReversals
        // In a flat layout nothing but the number tells the files of two batches apart.
        guard export.layout != .flat || plan.namesCarryBatch else {
            throw export.node.diagnostic(
                "flat-name",
                "the layout is flat, and the file names of template '\(template.name)' do not carry the batch number",
                cure: "put ${batch.number} into each name of the template, or use layout: directory"
            )
        }
        makesInvoices = template.invoiceModel != nil
        startsByInvoiceDate = makesInvoices || plan.requires(.invoiceDate)
        templateHash = Self.hash(template)
        if !acceptsReversals,
            export.onChange == .reverseAndReplace || export.onInvoiced == .reverse
        {
            throw export.node.diagnostic(
                "reversals",
                "template '\(template.name)' does not accept reversals",
                cure: "on_change: report, or 'accepts: [reversals]' in a template that minds them"
            )
        }
        let when = try export.when?.text() ?? ""
        dependsOnDay = when.contains("batch.")
        var hash = SHA256()
        hash.update(data: Data("\(templateHash)|\(when)|\(export.start)|".utf8))
        for name in plan.parameters.keys.sorted() {
            hash.update(data: Data("\(name)=\(plan.parameters[name] ?? "")|".utf8))
        }
        for name in export.lookups.keys.sorted() {
            hash.update(data: Data("\(name)|".utf8))
            let path = export.lookups[name] ?? ""
            hash.update(data: Data(try DurableFolder.contents(of: path, code: .inputOutput) ?? []))
        }
        selection = Array(hash.finalize().prefix(16))
    }

    /// Over all files but tests and notes in the template's folder and in those of what it extends, by
    /// their paths from there: the same template elsewhere has the same hash.
    static func hash(_ template: Template) -> String {
        var hash = SHA256()
        for folder in template.folders {
            let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String }
            for name in (names ?? []).sorted()
            where !name.hasPrefix("tests/") && name != "tests" && !name.hasSuffix(".md") {
                guard let data = FileManager.default.contents(atPath: "\(folder)/\(name)") else {
                    continue
                }
                hash.update(data: Data("\(name)|\(data.count)|".utf8))
                hash.update(data: data)
            }
        }
        return hexadecimal(hash.finalize())
    }

    /// The fields whose change an export minds: those that it makes something of.
    var materialFields: Set<Field> {
        // A session is exported once it is confirmed: what becomes of that is a correction (trap 34).
        plan.feed == .evTransactions
            ? plan.materialFields.union([.transactionStatus]) : plan.materialFields
    }

    /// The fingerprint of what an export makes of a transaction: its material fields.
    func material(_ transaction: Transaction) -> [UInt8] {
        var hash = SHA256()
        for field in materialFields.sorted(by: { $0.rawValue < $1.rawValue }) {
            hash.update(data: [field.rawValue, transaction.has(field) ? 1 : 0])
            let text = Self.text(of: field, in: transaction)
            hash.update(data: Data("\(text.utf8.count):\(text)".utf8))
        }
        return Array(hash.finalize().prefix(16))
    }

    /// The fields in which two versions differ, in the feed's order.
    func differences(_ old: Transaction, _ new: Transaction) -> [Field] {
        plan.feed.fields.filter { field in
            old.has(field) != new.has(field)
                || Self.text(of: field, in: old) != Self.text(of: field, in: new)
        }
    }

    private static func text(of field: Field, in transaction: Transaction) -> String {
        switch field.kind {
        case .text: transaction.text(field) ?? ""
        case .amount: transaction.amount(field).map { "\($0)" } ?? ""
        case .integer: transaction.integer(field).map { "\($0)" } ?? ""
        case .timestamp:
            transaction.timestamp(field).map { "\($0.seconds).\($0.nanoseconds)" } ?? ""
        }
    }

    /// A batch's id from what goes into it: the same inputs give the same id.
    func batchId(_ wanted: [Wanted], kind: BatchEntry.Kind) -> String {
        var hash = SHA256()
        hash.update(data: Data("\(export.name)|\(kind.rawValue)|".utf8))
        hash.update(data: Data(selection))
        for row in wanted {
            let key = row.transaction.key
            hash.update(
                data: Data("\(key.feed.rawValue)|\(key)|\(row.version)|\(row.role.name)|".utf8)
            )
        }
        return "\(export.name)-\(hexadecimal(hash.finalize()).prefix(16))"
    }
}

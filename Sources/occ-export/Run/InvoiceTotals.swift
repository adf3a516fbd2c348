internal import Delivery
internal import Templates
internal import Transactions

/// What the invoices of a batch's XML files ask to be paid, read from the files themselves.
struct InvoiceTotals {
    private struct Asked {
        let file: String
        let number: String
        let payable: ExactDecimal
    }

    private var asked: [Asked] = []

    /// Takes the invoices of a file, whose form is one that `invoice show` knows; of others nothing is
    /// known.
    mutating func add(_ bytes: [UInt8], file: String) throws(Diagnostic) {
        let invoices: [ShownInvoice]
        do throws(Diagnostic) {
            invoices = try ShownInvoice.all(in: bytes, file: file)
        } catch {
            guard error.name == "invoice-format" else { throw error }
            return
        }
        for invoice in invoices {
            guard let number = invoice.number, let amount = Self.payable(invoice) else { continue }
            let isNegative = amount < .zero
            let payable = invoice.isCreditNote && !isNegative ? amount.negated : amount
            if let payable { asked.append(Asked(file: file, number: number, payable: payable)) }
        }
    }

    private static func payable(_ invoice: ShownInvoice) -> ExactDecimal? {
        // Finvoice writes commas.
        func amount(_ text: String?) -> ExactDecimal? {
            text.flatMap { ExactDecimal($0.replacing(",", with: ".")) }
        }
        // And of a credit note it asks for nothing.
        guard invoice.format == "Finvoice", invoice.isCreditNote else {
            return amount(invoice.payable ?? invoice.totalAmount)
        }
        return amount(invoice.totalAmount).flatMap { $0.adding(amount(invoice.rounding) ?? .zero) }
    }

    /// Half a cent: what rounding to the cent may change at an invoice.
    private static let most = ExactDecimal(significand: 5, scale: 3)

    /// The control totals of each file: what its invoices ask to be paid, beside the exact sum of their
    /// rows; a difference of at most half a cent an invoice is rounding, and named.
    ///
    /// - Throws: `DeliveryError` with code `difference` that names the invoice and both figures.
    func controlTotals(_ invoices: [Rendering.Invoice]) throws(DeliveryError) -> [String:
        [Manifest.ControlTotal]]
    {
        let sums = Dictionary(invoices.map { ($0.number, [$0.total]) }, uniquingKeysWith: +)
        var files: [String: (selected: ExactDecimal, written: ExactDecimal)] = [:]
        for invoice in asked {
            // A number may stand in the file in another form; then nothing is known of it.
            guard let possible = sums[invoice.number] else { continue }
            guard
                let selected = possible.first(where: {
                    Self.isRounding(invoice.payable.subtracting($0))
                })
            else {
                let figures = possible.map { "\($0.normalized)" }
                throw DeliveryError(
                    differenceIn: invoice.file,
                    "control total 'payable': invoice \(invoice.number) asks for \(invoice.payable.normalized) in the file; its rows add up to \(figures.joined(separator: " or "))"
                )
            }
            let known = files[invoice.file] ?? (.zero, .zero)
            if let all = known.selected.adding(selected),
                let written = known.written.adding(invoice.payable)
            {
                files[invoice.file] = (all, written)
            }
        }
        return files.mapValues { sums in
            var total = Manifest.ControlTotal(
                name: "payable",
                selected: "\(sums.selected.normalized)",
                written: "\(sums.written.normalized)"
            )
            if let rounding = sums.written.subtracting(sums.selected), rounding != .zero {
                total.rounding = "\(rounding.normalized)"
            }
            return [total]
        }
    }

    private static func isRounding(_ difference: ExactDecimal?) -> Bool {
        guard let difference, let size = difference < .zero ? difference.negated : difference else {
            return false
        }
        return !(most < size)
    }
}

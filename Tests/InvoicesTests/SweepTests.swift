import Invoices
import Testing
import Transactions

struct `Invoices of every kind` {
    /// What the sweep found for one way of amounts.
    struct Figures {
        var documents = 0
        var creditNotes = 0
        var withRounding = 0
        var largest = ExactDecimal.zero
    }

    private func exactSum(_ amounts: [ExactDecimal?]) throws -> ExactDecimal {
        var sum: ExactDecimal? = .zero
        for amount in amounts { sum = sum.flatMap { sum in amount.flatMap { sum.adding($0) } } }
        return try #require(sum)
    }

    @Test(arguments: AmountSource.allCases)
    func `are payable to the cent of their rows`(_ source: AmountSource) throws {
        var sweep = InvoiceSweep(seed: 20_261_125)
        let assembler = try SampleSettings.assembler(source)
        var figures = Figures()
        for serial in 0..<500 {
            let rows = sweep.invoice(serial)
            var covered: [Int] = []
            for outcome in assembler.outcomes(of: rows) {
                guard case .invoice(let invoice, _) = outcome else {
                    Issue.record("invoice \(serial): \(outcome)")
                    continue
                }
                covered += invoice.lines.map(\.source)
                let sum = try exactSum(
                    invoice.lines.map { rows[$0.source].amount(.totalPrice)?.exact }
                )
                let signed = invoice.isCreditNote ? try #require(sum.negated) : sum
                let payable = try #require(invoice.totals.payable)
                #expect(payable == signed.rounded(to: 2), "invoice \(serial)")
                #expect(payable >= .zero)
                let rounding = invoice.totals.rounding ?? .zero
                let size = rounding < .zero ? try #require(rounding.negated) : rounding
                figures.documents += 1
                figures.creditNotes += invoice.isCreditNote ? 1 : 0
                figures.withRounding += rounding == .zero ? 0 : 1
                figures.largest = max(figures.largest, size)
                let cents = Int64(invoice.vatBreakdown.count)
                if source == .gross {
                    #expect(size <= ExactDecimal(significand: Int128(cents), scale: 2))
                }
            }
            #expect(covered.sorted() == Array(rows.indices), "every row is on one document")
        }
        print(
            "sweep, \(source.rawValue): \(figures.documents) documents, "
                + "\(figures.creditNotes) credit notes, \(figures.withRounding) with BT-114, "
                + "largest \(figures.largest)"
        )
        #expect(figures.creditNotes > 20)
        if source == .statement { #expect(figures.largest == .zero) }
    }

    @Test func `of five thousand lines keep the cent`() throws {
        var sweep = InvoiceSweep(seed: 5)
        let rows = sweep.invoice(1, lines: 5_000)
        let outcomes = try SampleSettings.assembler(.gross).outcomes(of: rows)
        let documents = outcomes.compactMap { outcome -> Invoice? in
            guard case .invoice(let invoice, _) = outcome else { return nil }
            return invoice
        }
        #expect(documents.map(\.lines.count).reduce(0, +) == 5_000)
        for invoice in documents {
            let size = (invoice.totals.rounding ?? .zero)
            #expect(
                size.rounded(to: 2)
                    <= ExactDecimal(significand: Int128(invoice.vatBreakdown.count), scale: 2)
            )
        }
    }

    @Test func `have lines less than a cent off the row`() throws {
        var sweep = InvoiceSweep(seed: 9)
        let assembler = try SampleSettings.assembler(.gross)
        for serial in 0..<100 {
            let rows = sweep.invoice(serial)
            for case .invoice(let invoice, _) in assembler.outcomes(of: rows) {
                for line in invoice.lines {
                    let total = try #require(rows[line.source].amount(.totalPrice)?.exact)
                    let rate = try #require(line.vat.first).rate ?? .zero
                    let divisor = try #require(rate.adding(ExactDecimal(100)))
                    let hundredfold = try #require(total.multiplied(by: ExactDecimal(100)))
                    let exact = try #require(hundredfold.divided(by: divisor, to: 12, .halfUp))
                    let signed = invoice.isCreditNote ? try #require(exact.negated) : exact
                    let net = try #require(line.netAmount)
                    let off = try #require(net.subtracting(signed))
                    let cent = ExactDecimal(significand: 1, scale: 2)
                    #expect(off < cent && off > ExactDecimal(significand: -1, scale: 2))
                }
            }
        }
    }
}

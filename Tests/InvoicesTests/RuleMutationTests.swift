import Invoices
import Testing
import Transactions

/// An amount from its text.
func decimal(_ text: String) -> ExactDecimal { ExactDecimal(text) ?? ExactDecimal(-999) }

/// A change that breaks a rule, and all rules that it breaks.
struct Mutation: CustomTestStringConvertible, Sendable {
    /// Which good invoice is broken.
    enum Base: String {
        case mixed, outside, reverseCharge, intraCommunity

        func invoice() throws -> Invoice {
            switch self {
            case .mixed: try SampleInvoices.mixed()
            case .outside: try SampleInvoices.outside()
            case .reverseCharge: try SampleInvoices.special(.reverseCharge)
            case .intraCommunity: try SampleInvoices.special(.intraCommunity)
            }
        }
    }

    let rule: String
    let base: Base
    let also: [String]
    let change: @Sendable (inout Invoice) -> Void

    init(
        _ rule: String,
        on base: Base = .mixed,
        also: [String] = [],
        _ change: @escaping @Sendable (inout Invoice) -> Void
    ) {
        self.rule = rule
        self.base = base
        self.also = also
        self.change = change
    }

    var testDescription: String { rule }

    func broken() throws -> Invoice {
        var invoice = try base.invoice()
        change(&invoice)
        return invoice
    }
}

struct `A rule` {
    @Test func `is broken by no good invoice`() throws {
        for invoice in [
            try SampleInvoices.mixed(), try SampleInvoices.outside(),
            try SampleInvoices.special(.reverseCharge), try SampleInvoices.special(.intraCommunity),
        ] { #expect(Rule.violations(of: invoice, profile: .peppol).isEmpty) }
    }

    @Test(arguments: mutations)
    func `rejects the invoice that breaks it`(_ mutation: Mutation) throws {
        let violations = Rule.violations(of: try mutation.broken(), profile: .peppol)
        #expect(Set(violations.map(\.rule)) == Set([mutation.rule] + mutation.also))
        #expect(violations.allSatisfy { !$0.detail.isEmpty && !$0.terms.isEmpty })
    }

    @Test func `of the reference is there, and each has a mutation`() {
        let ids = Rule.all.map(\.id)
        #expect(Set(ids).count == ids.count)
        #expect(Set(ids) == Set(mutations.map(\.rule)))
        // Section 10 of the reference; F001 is kept by the type of a date.
        let reference = """
            BR-01 BR-02 BR-03 BR-04 BR-05 BR-06 BR-07 BR-09 BR-11 BR-CO-26 BR-S-02 BR-CO-09 BR-AE-02
            BR-IC-02 BR-16 BR-21 BR-22 BR-23 BR-24 BR-25 BR-26 BR-27 BR-28 BR-29 BR-30 BR-CO-19
            BR-CO-20 BR-CO-04 BR-45 BR-46 BR-47 BR-48 BR-CO-18 BR-S-01 BR-S-05 BR-E-05 BR-AE-05
            BR-S-08 BR-E-08 BR-Z-08 BR-CO-17 BR-S-09 BR-E-09 BR-E-10 BR-AE-10 BR-S-10 BR-O-11 BR-O-12
            BR-O-13 BR-O-14 BR-CO-10 BR-CO-13 BR-CO-14 BR-CO-15 BR-CO-16 BR-CO-25 BR-DEC-09 BR-DEC-10
            BR-DEC-11 BR-DEC-12 BR-DEC-13 BR-DEC-14 BR-DEC-15 BR-DEC-16 BR-DEC-17 BR-DEC-18 BR-DEC-19
            BR-DEC-20 BR-DEC-23 BR-DEC-24 BR-54 BR-55 BR-49 BR-50 BR-61 BR-62 BR-63 BR-CL-01 BR-CL-03
            BR-CL-04 BR-CL-07 BR-CL-14 BR-CL-16 BR-CL-18 BR-CL-23 BR-CL-25 UBL-SR-34 UBL-SR-48
            UBL-SR-50 UBL-SR-52 R001 R004 R007 R003 R010 R020 R002 R008 R046 R120 R051 R101 R110 R111
            """
        for id in reference.split(whereSeparator: \.isWhitespace) {
            #expect(ids.contains(String(id)), "\(id)")
        }
    }
}

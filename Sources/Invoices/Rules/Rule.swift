internal import Transactions

/// One business rule under its official id, checked on the model.
///
/// The rules are those of EN 16931-1 as CEN tests them, of the UBL syntax, and of Peppol BIS Billing 3.0,
/// that decide over fuel-card invoices. Each is one small value in a file of its group.
public struct Rule: Sendable {
    /// Whose documents obey it.
    public enum Scope: Hashable, Sendable {
        /// Every invoice of EN 16931.
        case norm
        /// What UBL allows once, whatever format is written.
        case ubl
        /// Peppol BIS Billing 3.0.
        case peppol
    }

    /// How the amounts came about, where a rule depends on it.
    struct Context: Sendable {
        let source: AmountSource
    }

    /// What breaks a rule: the terms, and their values in a sentence.
    struct Breach: Sendable {
        let terms: [String]
        let detail: String

        init(_ terms: String..., detail: String) {
            self.terms = terms
            self.detail = detail
        }
    }

    /// The official id: `BR-CO-15`, or `R120` for PEPPOL-EN16931-R120.
    public let id: String
    /// Whose documents obey it.
    public let scope: Scope
    let breaches: @Sendable (Invoice, Context) -> [Breach]

    init(
        _ id: String,
        _ scope: Scope = .norm,
        inContext breaches: @escaping @Sendable (Invoice, Context) -> [Breach]
    ) {
        self.id = id
        self.scope = scope
        self.breaches = breaches
    }

    init(
        _ id: String,
        _ scope: Scope = .norm,
        _ breaches: @escaping @Sendable (Invoice) -> [Breach]
    ) {
        self.init(id, scope, inContext: { invoice, _ in breaches(invoice) })
    }

    /// Every rule, in the order of their groups.
    public static let all: [Rule] =
        documentRules + partyRules + lineRules + categoryRules + breakdownRules + totalRules
        + decimalRules + paymentRules + codeRules + ublRules + peppolRules

    /// What an invoice of a profile breaks; nothing where it obeys all its rules.
    public static func violations(
        of invoice: Invoice,
        profile: InvoiceProfile,
        source: AmountSource = .gross
    ) -> [Violation] {
        let context = Context(source: source)
        let scopes = profile.scopes
        return all.filter { scopes.contains($0.scope) }.flatMap { rule in
            rule.breaches(invoice, context).map {
                Violation(rule: rule.id, terms: $0.terms, detail: $0.detail)
            }
        }
    }
}

/// A rule that an invoice breaks.
public struct Violation: Hashable, Sendable {
    /// The rule's id.
    public let rule: String
    /// The terms that break it.
    public let terms: [String]
    /// Their values, in a sentence.
    public let detail: String
}

extension Violation: CustomStringConvertible {
    /// `BR-CO-10: BT-106 is 10.00, the lines add up to 10.01`.
    public var description: String { "\(rule): \(detail)" }
}

extension Rule {
    /// A rule that a text must be there and not blank.
    static func needs(
        _ id: String,
        _ term: String,
        _ scope: Scope = .norm,
        _ read: @escaping @Sendable (Invoice) -> String?
    ) -> Rule {
        Rule(id, scope) { invoice in
            isBlank(read(invoice)) ? [Breach(term, detail: "\(term) is missing")] : []
        }
    }

    /// A rule for each line.
    static func eachLine(
        _ id: String,
        _ scope: Scope = .norm,
        _ breach: @escaping @Sendable (InvoiceLine) -> Breach?
    ) -> Rule {
        Rule(id, scope) { invoice in
            invoice.lines.compactMap { line in
                breach(line).map {
                    Breach(terms: $0.terms, detail: "line \(line.id ?? "?"): \($0.detail)")
                }
            }
        }
    }

    /// A rule for each VAT breakdown.
    static func eachBreakdown(
        _ id: String,
        _ breach: @escaping @Sendable (VATBreakdown, Invoice) -> Breach?
    ) -> Rule {
        Rule(id) { invoice in invoice.vatBreakdown.compactMap { breach($0, invoice) } }
    }

    static func isBlank(_ text: String?) -> Bool {
        text.map { $0.unicodeScalars.allSatisfy(\.properties.isWhitespace) } ?? true
    }
}

extension Rule.Breach {
    init(terms: [String], detail: String) {
        self.terms = terms
        self.detail = detail
    }
}

extension Invoice {
    /// The sum of amounts; nil when it does not fit.
    static func sum(_ amounts: some Sequence<ExactDecimal>) -> ExactDecimal? {
        var sum: ExactDecimal? = ExactDecimal(significand: 0, scale: 2)
        for amount in amounts { sum = sum.flatMap { $0.adding(amount) } }
        return sum
    }

    /// Whether a line is of a VAT category.
    func hasLine(of category: VATCategory) -> Bool {
        lines.contains { $0.vat.contains { $0.category == category.rawValue } }
    }

    /// Whether a line, an allowance or a charge is of a VAT category.
    func hasItem(of category: VATCategory) -> Bool {
        hasLine(of: category) || allowances.contains { $0.category == category.rawValue }
    }
}

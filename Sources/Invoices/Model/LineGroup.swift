public import Transactions

/// The lines of one card: formats that group lines show a subtotal for each.
public struct LineGroup: Hashable, Sendable {
    /// The card as it may be shown.
    public let id: String?
    /// Its lines, in the invoice's order.
    public let lines: [InvoiceLine]
    /// Sum of the lines' net amounts, two decimals.
    public let netAmount: ExactDecimal?
    /// Sum of the lines' VAT, two decimals.
    public let vatAmount: ExactDecimal?
    /// Both together, two decimals.
    public let totalAmount: ExactDecimal?

    init(_ lines: [InvoiceLine]) {
        id = lines.first?.shownCard
        self.lines = lines
        let zero = ExactDecimal(significand: 0, scale: 2)
        var net: ExactDecimal? = zero
        var vat: ExactDecimal? = zero
        for line in lines {
            net = net.flatMap { sum in line.netAmount.flatMap { sum.adding($0) } }
            vat = vat.flatMap { $0.adding(line.vatAmount) }
        }
        netAmount = net
        vatAmount = vat
        totalAmount = net.flatMap { net in vat.flatMap { net.adding($0) } }
    }
}

extension Invoice {
    /// The lines by card, in the order of each card's first line; lines without a card come together.
    public var lineGroups: [LineGroup] {
        var order: [String?] = []
        var groups: [String?: [InvoiceLine]] = [:]
        for line in lines {
            if groups[line.card] == nil { order.append(line.card) }
            groups[line.card, default: []].append(line)
        }
        return order.map { LineGroup(groups[$0] ?? []) }
    }
}

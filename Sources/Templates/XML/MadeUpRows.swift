internal import Transactions

/// Rows that no API sent, for trying a template before there are any: two of one invoice, a credit note, and
/// what may be absent there or not.
struct MadeUpRows {
    /// How the rows are.
    enum Variant: CaseIterable {
        /// Everything is there.
        case whole
        /// What may be absent is.
        case sparse
        /// Texts have signs that need care.
        case odd

        /// For messages.
        var description: String {
            switch self {
            case .whole: "on made-up rows"
            case .sparse: "on made-up rows without what may be absent"
            case .odd: "on made-up rows with odd characters"
            }
        }
    }

    let feed: Feed
    /// Fields without which the template takes no transaction.
    let required: [Field]

    func transactions(_ variant: Variant) -> [Transaction] {
        [
            row(variant, 1, invoice: "20261031-19001", hundredths: 6_200),
            row(variant, 2, invoice: "20261031-19001", hundredths: 1_240),
            row(variant, 3, invoice: "20261031-19002", hundredths: -2_480),
        ]
    }

    /// A row of so many cents, 24 % of VAT in them: 5 litres at 1.00 without VAT are 6.20.
    private func row(_ variant: Variant, _ number: Int, invoice: String, hundredths: Int64)
        -> Transaction
    {
        var builder = Transaction.Builder(feed: feed)
        for field in feed.fields
        where variant != .sparse || !field.isOptional || required.contains(field) {
            switch field.kind {
            case .text:
                builder.set(field, text(field, variant, number, invoice))
            case .amount:
                guard let amount = amount(field, hundredths) else { continue }
                builder.set(field, amount)
            case .integer: builder.set(field, Int64(number) + 120_000)
            case .timestamp:
                let day =
                    field == .invoiceDate
                    ? "2026-10-31T10:00:00Z" : "2026-10-3\(number - 1)T08:15:30Z"
                guard let time = UTCTimestamp(day) else { continue }
                builder.set(field, time)
            }
        }
        return builder.build(contractNumber: "22297")
    }

    private func text(_ field: Field, _ variant: Variant, _ number: Int, _ invoice: String)
        -> String
    {
        let isOdd = variant == .odd
        switch field {
        case .transactionId: return "700000000\(number)"
        case .currency: return "EUR"
        case .occProductCode: return "1005"
        case .occProductName: return isOdd ? "Õli \"5W-30\" <&> 'X' ]]>" : "Diesel"
        case .occProductType: return "Fuel"
        case .driverName: return isOdd ? "Žanna & Õnne <Ö>" : "Mari Maasikas"
        case .plateNumber: return "123ABC"
        case .cardNumber: return "9233450000000011"
        case .invoiceNo: return invoice
        case .contractNumber: return "22297"
        case .transactionStatus: return "COMPLETED"
        default: return "\(1000 + number)"
        }
    }

    private func amount(_ field: Field, _ hundredths: Int64) -> FixedDecimal? {
        let net = hundredths * 100 / 124
        let tenThousandths: Int64 =
            switch field {
            case .quantity: net * 100
            case .netPricePerUnit: 10_000
            case .pricePerUnit: 12_400
            case .discountPerUnit: 0
            case .totalPrice: hundredths * 100
            case .netAmount: net * 100
            case .vatAmount: (hundredths - net) * 100
            case .vatRate: 240_000
            default: 0
            }
        return FixedDecimal(tenThousandths: tenThousandths)
    }
}

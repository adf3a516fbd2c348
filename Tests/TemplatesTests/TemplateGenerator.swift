/// Writes random templates whose expressions are well-typed, without regard to whether what they yield fits.
struct TemplateGenerator {
    private var maker: RowMaker
    /// Names of numbers and texts that were declared on the way: derived fields.
    private var numbers: [String] = []
    private var texts: [String] = []
    /// Whether fields are derived just now, which cannot look at all transactions.
    private var isDeriving = true

    init(seed: UInt64) { maker = RowMaker(seed: seed) }

    private mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[maker.next(elements.count)]
    }

    // MARK: Expressions

    private mutating func literal() -> String {
        let digits = ["0", "1", "7", "42", "1000", "99999", "0.5", "2.25", "0.0001", "123456.78"]
        return pick(digits)
    }

    mutating func number(_ depth: Int) -> String {
        let fields =
            ["quantity", "netAmount", "vatAmount", "totalPrice", "vatRate", "pricePerUnit"]
            + numbers
        guard depth > 0 else { return maker.next(4) == 0 ? literal() : pick(fields) }
        let next = depth - 1
        switch maker.next(18) {
        case 0: return "(\(number(next)) + \(number(next)))"
        case 1: return "(\(number(next)) - \(number(next)))"
        case 2: return "(\(number(next)) * \(number(0)))"
        case 3: return "(-\(number(next)))"
        case 4: return "math.abs(\(number(next)))"
        case 5: return "math.greatest(\(number(next)), \(number(next)))"
        case 6: return "math.least(\(number(next)), \(number(next)))"
        case 7, 8, 9: return "round(\(number(next)), \(maker.next(5)))"
        case 10: return "round(\(number(next)) / \(number(0)), \(maker.next(4)))"
        case 11: return "(\(condition(next)) ? \(number(next)) : \(number(next)))"
        case 12: return "\(text(next)).size()"
        case 13: return "odometerReadout.orValue(\(maker.next(100)))"
        case 14: return "[\(number(next)), \(number(next))].\(pick(["sum", "max", "min"]))()"
        case 15: return "\(pick(["year", "month", "day"]))(\(date(next)))"
        case 16 where !isDeriving:
            let field = pick(["t.netAmount", "round(t.totalPrice, 2)", "math.abs(t.quantity)"])
            return "transactions.map(t, \(field)).\(pick(["sum", "max", "min"]))()"
        default: return isDeriving ? pick(fields) : "transactions.size()"
        }
    }

    mutating func text(_ depth: Int) -> String {
        let fields =
            ["transactionId", "stationId", "occProductName", "cardNumber", "currency", "receiptNo"]
            + texts
        guard depth > 0 else {
            return maker.next(3) == 0 ? pick(["'x'", "'-'", "'Õli'", "'0042'"]) : pick(fields)
        }
        let next = depth - 1
        switch maker.next(12) {
        case 0: return "(\(text(next)) + \(text(next)))"
        case 1, 2: return "truncate(\(text(next)), \(maker.next(20)))"
        case 3: return "\(text(next)).upperAscii()"
        case 4: return "string(\(number(next)))"
        case 5: return "string(\(date(next)), '\(pick(["yyyyMMdd", "dd.MM.yyyy", "yyMM"]))')"
        case 6: return "(\(condition(next)) ? \(text(next)) : \(text(next)))"
        case 7: return "plateNumber.orValue(\(text(next)))"
        case 8: return "pad(\(text(next)), \(1 + maker.next(12)), '0')"
        case 9: return "\(text(next)).trim()"
        case 10: return "mask(\(text(next)), \(maker.next(4)), \(maker.next(4)))"
        default: return "\(text(next)).replace('a', '\(pick(["", "b", "ccc", "õ"]))')"
        }
    }

    private mutating func date(_ depth: Int) -> String {
        guard depth > 0 else { return "date(transactionTime)" }
        switch maker.next(4) {
        case 0: return "monthEnd(\(date(depth - 1)))"
        case 1: return "monthStart(\(date(depth - 1)))"
        case 2: return "addDays(\(date(depth - 1)), \(maker.next(400) - 200))"
        default: return "date(transactionTime)"
        }
    }

    private mutating func condition(_ depth: Int) -> String {
        guard depth > 0 else { return "plateNumber.hasValue()" }
        switch maker.next(5) {
        case 0: return "\(number(depth - 1)) < \(number(depth - 1))"
        case 1: return "\(text(depth - 1)) == \(text(depth - 1))"
        case 2: return "!(\(condition(depth - 1)))"
        case 3: return "(\(condition(depth - 1)) && \(condition(depth - 1)))"
        default: return "driverName.hasValue()"
        }
    }

    // MARK: Templates

    /// A template of one file, its records' length if they have one.
    struct Made {
        var yaml = ""
        let kind: String
        var width: Int?
    }

    private mutating func form(isNumber: Bool) -> String {
        var keys: [String] = []
        if isNumber {
            if maker.next(2) == 0 { keys.append("decimals: \(maker.next(7))") }
            if maker.next(3) == 0 {
                keys.append("sign: \(pick(["minus", "plus_minus", "trailing_minus", "unsigned"]))")
            }
        } else if maker.next(4) == 0 {
            keys.append("overflow: cut, max: \(1 + maker.next(20))")
        }
        return keys.map { ", " + $0 }.joined()
    }

    mutating func template() -> Made {
        let kind = pick(["fixed_width", "fixed_width", "delimited", "json"])
        let encoding =
            kind == "json" ? "utf-8" : pick(["utf-8", "windows-1257", "iso-8859-1", "cp775"])
        let unmappable = pick(["transliterate", "{ replace: \"?\" }", "{ replace: \"??\" }"])
        let depth = 1 + maker.next(3)
        var derive: [String] = []
        for index in 0..<maker.next(3) {
            derive.append("  n\(index): \"\(number(depth))\"")
            numbers.append("n\(index)")
            derive.append("  s\(index): \"\(text(depth))\"")
            texts.append("s\(index)")
        }
        isDeriving = false
        var fields: [String] = []
        var total = 0
        for index in 0..<(1 + maker.next(4)) {
            let isNumber = maker.next(2) == 0
            let isDate = !isNumber && maker.next(4) == 0
            let value = isNumber ? number(depth) : isDate ? date(depth) : text(depth)
            var keys = "name: f\(index), value: \"\(value)\""
            if kind == "fixed_width" {
                let width = maker.next(3) == 0 ? 1 + maker.next(20) : 30 + maker.next(400)
                total += width
                keys += ", width: \(width)"
            }
            if !isDate, kind != "json" { keys += form(isNumber: isNumber) }
            fields.append("          - { \(keys) }")
        }
        let own =
            kind == "delimited"
            ? ", formulas: keep" : kind == "fixed_width" ? ", counted_in: bytes" : ""
        let controls =
            kind == "json" ? "" : ", control_characters: blank, unmappable: \(unmappable)"
        let deriving = derive.isEmpty ? "" : "derive:\n\(derive.joined(separator: "\n"))\n"
        return Made(
            yaml: """
                version: 1
                title: made up
                \(deriving)format: { kind: \(kind), encoding: \(encoding), absent: ""\(controls)\(own) }
                files:
                  - name: x.txt
                    mixed_currencies: true
                    records:
                      - id: row
                        for_each: transactions
                        fields:
                \(fields.joined(separator: "\n"))
                """,
            kind: kind,
            width: kind == "fixed_width" ? total : nil
        )
    }
}

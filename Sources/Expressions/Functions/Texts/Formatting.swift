internal import Transactions

/// `'...'.format([...])`: CEL's way to put values into a text.
///
/// `%s` any value, `%d` an int, `%f` and `%e` a number (`%.2f`: so many decimals, 6 if not said, halves to
/// even as CEL has it), `%x` `%X` an int or text in hexadecimal, `%o` octal, `%b` binary, `%%` a percent
/// sign. `'%s has %d, %.1f %%'.format(['x', 3, 2.25])` is 'x has 3, 2.2 %'.
struct FormatText: Sendable {
    enum Part: Hashable {
        case text(String)
        case clause(Unicode.Scalar, precision: Int?)
    }

    let parts: [Part]

    /// How many values the clauses take.
    var clauseCount: Int {
        parts.count { part in
            if case .clause = part { true } else { false }
        }
    }

    static let largestPrecision = 100

    init(_ text: String) throws(PatternError) {
        var parts: [Part] = []
        var plain = ""
        var rest = Substring(text).unicodeScalars
        while let first = rest.popFirst() {
            guard first == "%" else {
                plain.unicodeScalars.append(first)
                continue
            }
            guard var letter = rest.popFirst() else {
                throw PatternError(
                    message: "the format ends behind '%'",
                    cure: "a percent sign is written '%%'"
                )
            }
            if letter == "%" {
                plain += "%"
                continue
            }
            var precision: Int?
            if letter == "." {
                let digits = rest.prefix { ("0"..."9").contains($0) }
                guard let count = Int(String(digits)), count <= Self.largestPrecision,
                    let next = rest.dropFirst(digits.count).first
                else {
                    throw PatternError(
                        message:
                            "behind '%.' stand digits, at most \(Self.largestPrecision), and a letter",
                        cure: "write '%.2f'"
                    )
                }
                precision = count
                letter = next
                rest.removeFirst(digits.count + 1)
            }
            guard "sdfexXob".unicodeScalars.contains(letter) else {
                throw PatternError(
                    message: "the format has no clause '%\(letter)'",
                    cure: "there are %s %d %f %e %x %X %o %b, and '%%' for a percent sign"
                )
            }
            if !plain.isEmpty { parts.append(.text(plain)) }
            plain = ""
            parts.append(.clause(letter, precision: precision))
        }
        if !plain.isEmpty { parts.append(.text(plain)) }
        self.parts = parts
    }

    /// Whether a value of a type can stand where a clause is.
    static func accepts(_ letter: Unicode.Scalar, _ type: ValueType) -> Bool {
        switch (letter, type) {
        case (_, .unknown): true
        case ("s", .record), ("s", .optional): false
        case ("s", _), ("d", .int), ("o", .int), ("b", .int), ("b", .bool), ("x", .int),
            ("X", .int), ("x", .string), ("X", .string):
            true
        case ("f", let type), ("e", let type): type.isNumber
        default: false
        }
    }

    func text(_ values: [Value]) throws(EvaluationError) -> String {
        var result = ""
        var next = 0
        for part in parts {
            switch part {
            case .text(let text): result += text
            case .clause(let letter, let precision):
                guard next < values.count else {
                    throw EvaluationError(
                        .index,
                        "the format has \(Checker.counted(clauseCount, "clause")), the list \(Checker.counted(values.count, "value"))"
                    )
                }
                result += try Self.written(values[next], letter, precision ?? 6)
                next += 1
            }
            guard result.utf8.count <= Limits.textLength else { throw Limits.tooLarge() }
        }
        return result
    }

    private static func written(_ value: Value, _ letter: Unicode.Scalar, _ precision: Int)
        throws(EvaluationError) -> String
    {
        switch (letter, value) {
        case ("s", .record), ("s", .absent): break
        case ("s", _): return plainText(value)
        case ("d", .int(let whole)): return String(whole)
        case ("o", .int(let whole)): return String(whole, radix: 8)
        case ("b", .int(let whole)): return String(whole, radix: 2)
        case ("b", .bool(let truth)): return truth ? "1" : "0"
        case ("x", .int(let whole)): return String(whole, radix: 16)
        case ("X", .int(let whole)): return String(whole, radix: 16, uppercase: true)
        case ("x", .string(let text)): return hexadecimal(text, uppercase: false)
        case ("X", .string(let text)): return hexadecimal(text, uppercase: true)
        case ("f", _): if let number = value.number { return fixed(number, precision) }
        case ("e", _): if let number = value.number { return scientific(number, precision) }
        default: break
        }
        throw EvaluationError(.type, "'%\(letter)' does not take this kind of value")
    }

    private static func hexadecimal(_ text: String, uppercase: Bool) -> String {
        var result = ""
        for byte in text.utf8 {
            if byte < 16 { result += "0" }
            result += String(byte, radix: 16, uppercase: uppercase)
        }
        return result
    }

    private static func fixed(_ number: ExactDecimal, _ precision: Int) -> String {
        let rounded = number.rounded(to: min(precision, ExactDecimal.maximumScale), .halfEven)
        var text = rounded.description
        guard precision > rounded.scale else { return text }
        if rounded.scale == 0 { text += "." }
        return text + String(repeating: "0", count: precision - rounded.scale)
    }

    /// One digit, a point, decimals, and the power of ten with at least two digits: `1.052033e+03`.
    private static func scientific(_ number: ExactDecimal, _ precision: Int) -> String {
        let sign = number.significand < 0 ? "-" : ""
        var digits = Array(String(number.significand.magnitude).utf8.map { Int($0 - 0x30) })
        var power = number.significand == 0 ? 0 : digits.count - 1 - number.scale
        if digits.count > precision + 1 {
            let rest = digits[(precision + 1)...]
            digits = Array(digits[...precision])
            let isAbove = rest.first.map { $0 > 5 } ?? false
            let isHalf = rest.first == 5
            let isMore = isHalf && rest.dropFirst().contains { $0 != 0 }
            if isAbove || isMore || (isHalf && !digits[precision].isMultiple(of: 2)) {
                var place = precision
                while place >= 0, digits[place] == 9 {
                    digits[place] = 0
                    place -= 1
                }
                if place >= 0 {
                    digits[place] += 1
                } else {
                    digits = [1] + digits.dropLast()
                    power += 1
                }
            }
        }
        digits += [Int](repeating: 0, count: precision + 1 - digits.count)
        let decimals = digits.dropFirst().map(String.init).joined()
        let size = String(abs(power))
        return sign + String(digits[0]) + (precision > 0 ? "." + decimals : "")
            + "e" + (power < 0 ? "-" : "+") + (size.count < 2 ? "0" + size : size)
    }
}

/// Modulus 10 with weights 2 and 1, known as Luhn's (ISO/IEC 7812-1, annex B).
///
/// From the right every second digit counts double, digits of a product apart; the check digit completes
/// the sum to the next ten. `withCheckDigit('7992739871', 'mod-10')` is '79927398713'.
enum Luhn {
    static func digit(of bytes: [UInt8]) throws(EvaluationError) -> Int {
        guard let digits = CheckDigitScheme.digits(bytes), (1...30).contains(digits.count) else {
            throw CheckDigitScheme.unfit(.mod10, "1 to 30 digits before its check digit")
        }
        return (10 - sum(digits) % 10) % 10
    }

    static func isRight(_ bytes: [UInt8]) -> Bool {
        guard let digits = CheckDigitScheme.digits(bytes), (2...31).contains(digits.count) else {
            return false
        }
        return (sum(Array(digits.dropLast())) + digits[digits.count - 1]) % 10 == 0
    }

    private static func sum(_ digits: [Int]) -> Int {
        var sum = 0
        for (index, digit) in digits.reversed().enumerated() {
            let weighted = index % 2 == 0 ? digit * 2 : digit
            sum += weighted > 9 ? weighted - 9 : weighted
        }
        return sum
    }
}

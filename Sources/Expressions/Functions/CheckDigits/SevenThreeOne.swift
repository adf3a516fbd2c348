/// The method 7-3-1 of Estonian and Finnish reference numbers (Estonian Banking Association, "Viitenumbri
/// kontrolljärgu arvutamise 7-3-1 meetod").
///
/// From the right the digits weigh 7, 3, 1, 7, 3, 1 ...; the check digit completes the sum to the next
/// ten. `withCheckDigit('1234561', '7-3-1')` is '12345614'.
enum SevenThreeOne {
    private static let weights = [7, 3, 1]

    static func digit(of bytes: [UInt8]) throws(EvaluationError) -> Int {
        guard let digits = CheckDigitScheme.digits(bytes), (1...19).contains(digits.count) else {
            throw CheckDigitScheme.unfit(.sevenThreeOne, "1 to 19 digits before its check digit")
        }
        var sum = 0
        for (index, digit) in digits.reversed().enumerated() { sum += digit * weights[index % 3] }
        return (10 - sum % 10) % 10
    }

    static func isRight(_ bytes: [UInt8]) -> Bool {
        guard let digits = CheckDigitScheme.digits(bytes), (2...20).contains(digits.count) else {
            return false
        }
        var sum = digits[digits.count - 1]
        for (index, digit) in digits.dropLast().reversed().enumerated() {
            sum += digit * weights[index % 3]
        }
        return sum % 10 == 0
    }
}

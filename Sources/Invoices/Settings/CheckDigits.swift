/// Check digits of account numbers, reference numbers and global location numbers.
enum CheckDigits {
    /// Whether an IBAN has two letters, two digits, at most 34 characters, and the remainder 1 (ISO 7064 MOD 97-10).
    static func isIBAN(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard (15...34).contains(bytes.count), bytes[0..<2].allSatisfy(isLetter),
            bytes[2..<4].allSatisfy(isDigit), bytes.allSatisfy({ isLetter($0) || isDigit($0) })
        else { return false }
        var rest = 0
        for byte in bytes[4...] + bytes[..<4] {
            if isDigit(byte) {
                rest = (rest * 10 + Int(byte - 0x30)) % 97
            } else {
                rest = (rest * 100 + Int(byte - 0x41) + 10) % 97
            }
        }
        return rest == 1
    }

    /// The digits with the 7-3-1 check digit of Estonian and Finnish reference numbers behind them.
    ///
    /// Nil when there are none, or more than the 19 that fit before the digit. Leading zeros go.
    static func reference731(_ text: String) -> String? {
        let digits = text.utf8.filter(isDigit).drop { $0 == 0x30 }
        guard (1...19).contains(digits.count) else { return nil }
        return String(decoding: digits, as: UTF8.self) + String(digit731(digits))
    }

    /// Whether a reference number is digits that end with their 7-3-1 check digit.
    static func isReference731(_ text: String) -> Bool {
        let digits = Array(text.utf8)
        guard (2...20).contains(digits.count), digits.allSatisfy(isDigit) else { return false }
        return Int(digits[digits.count - 1] - 0x30) == digit731(digits.dropLast())
    }

    /// Whether a reference is a creditor reference of ISO 11649: RF, two check digits, 1 to 21 characters.
    static func isCreditorReference(_ text: String) -> Bool {
        guard text.hasPrefix("RF"), (5...25).contains(text.utf8.count) else { return false }
        var rest = 0
        for byte in Array(text.utf8.dropFirst(4)) + Array(text.utf8.prefix(4)) {
            if isDigit(byte) {
                rest = (rest * 10 + Int(byte - 0x30)) % 97
            } else if isLetter(byte) {
                rest = (rest * 100 + Int(byte - 0x41) + 10) % 97
            } else {
                return false
            }
        }
        return rest == 1
    }

    /// Whether a global location number is 13 digits with the right last one (Peppol COMMON-R040).
    static func isGLN(_ text: String) -> Bool {
        let digits = Array(text.utf8)
        guard digits.count == 13, digits.allSatisfy(isDigit) else { return false }
        var sum = 0
        for (place, digit) in digits.dropLast().enumerated() {
            sum += Int(digit - 0x30) * (place % 2 == 0 ? 1 : 3)
        }
        return (10 - sum % 10) % 10 == Int(digits[12] - 0x30)
    }

    private static func digit731(_ digits: some BidirectionalCollection<UInt8>) -> Int {
        var sum = 0
        for (place, digit) in digits.reversed().enumerated() {
            sum += Int(digit - 0x30) * [7, 3, 1][place % 3]
        }
        return (10 - sum % 10) % 10
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    private static func isLetter(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) }
}

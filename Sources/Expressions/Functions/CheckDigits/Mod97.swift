/// ISO 7064 mod 97-10: two digits behind digits and letters, A counting 10 and Z 35.
///
/// The whole, read as a number, leaves 1 when divided by 97. `withCheckDigit('794', 'mod-97-10')` is
/// '79444'.
enum Mod97 {
    static func digits(of bytes: [UInt8]) throws(EvaluationError) -> String {
        guard (1...64).contains(bytes.count), let rest = remainder(bytes + [0x30, 0x30]) else {
            throw CheckDigitScheme.unfit(.mod97, "1 to 64 digits and capital letters")
        }
        let check = 98 - rest
        return check < 10 ? "0\(check)" : String(check)
    }

    static func isRight(_ bytes: [UInt8]) -> Bool {
        (3...66).contains(bytes.count) && CheckDigitScheme.digits(bytes.suffix(2)) != nil
            && remainder(bytes) == 1
    }

    /// What dividing by 97 leaves; nil for a character that is no digit and no capital letter.
    static func remainder(_ bytes: [UInt8]) -> Int? {
        var rest = 0
        for byte in bytes {
            switch byte {
            case 0x30...0x39: rest = (rest * 10 + Int(byte - 0x30)) % 97
            case 0x41...0x5A: rest = (rest * 100 + Int(byte - 0x41) + 10) % 97
            default: return nil
            }
        }
        return rest
    }
}

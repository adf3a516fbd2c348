/// The structured creditor reference of ISO 11649: `RF`, two check digits, up to 21 digits and letters.
///
/// The check digits are mod 97-10 of the reference with `RF` moved behind it.
/// `withCheckDigit('539007547034', 'iso-11649')` is 'RF18539007547034'.
enum CreditorReference {
    private static let prefix = Array("RF".utf8)

    static func completed(_ bytes: [UInt8]) throws(EvaluationError) -> String {
        guard (1...21).contains(bytes.count),
            let rest = Mod97.remainder(bytes + prefix + [0x30, 0x30])
        else {
            throw CheckDigitScheme.unfit(
                .creditorReference,
                "1 to 21 digits and capital letters behind its check digits"
            )
        }
        let check = 98 - rest
        let digits = check < 10 ? "0\(check)" : String(check)
        return "RF\(digits)" + String(decoding: bytes, as: UTF8.self)
    }

    static func isRight(_ bytes: [UInt8]) -> Bool {
        (5...25).contains(bytes.count) && bytes.starts(with: prefix)
            && CheckDigitScheme.digits(bytes[2..<4]) != nil
            && Mod97.remainder(Array(bytes[4...] + bytes[..<4])) == 1
    }
}

/// `withCheckDigit(text, scheme)`, `hasCheckDigit(text, scheme)`: reference numbers that catch a slip.
///
/// `withCheckDigit('1234561', '7-3-1')` is '12345614'. The schemes are '7-3-1' (Estonian and Finnish
/// reference numbers), 'mod-10' (Luhn: Swedish and Norwegian references, card numbers), 'iso-11649'
/// (RF creditor references) and 'mod-97-10' (ISO 7064).
let checkDigitFunctions: [Function] = [
    Function(
        "withCheckDigit",
        "withCheckDigit(string, 'scheme') -> string",
        [
            Overload([.string, .string]) { site throws(FunctionError) in
                let scheme = try CheckDigitScheme(site, 1)
                let length = site.bounds(0).length.map { $0 + scheme.addedLength }
                return Prepared(
                    .string,
                    Bounds(length: length),
                    .two { text, _ throws(EvaluationError) in
                        .string(try scheme.completed(text.asText))
                    }
                )
            }
        ]
    ),
    Function(
        "hasCheckDigit",
        "hasCheckDigit(string, 'scheme') -> bool",
        [
            Overload([.string, .string]) { site throws(FunctionError) in
                let scheme = try CheckDigitScheme(site, 1)
                return Prepared(
                    .bool,
                    .unknown,
                    .two { text, _ throws(EvaluationError) in
                        .bool(scheme.isRight(try text.asText))
                    }
                )
            }
        ]
    ),
]

/// A way to make and to test check digits.
enum CheckDigitScheme: String, CaseIterable, Sendable {
    case sevenThreeOne = "7-3-1"
    case mod10 = "mod-10"
    case creditorReference = "iso-11649"
    case mod97 = "mod-97-10"

    init(_ site: CallSite, _ index: Int) throws(FunctionError) {
        let known = Self.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
        guard let name = site.constantText(index) else {
            throw FunctionError(
                .arguments,
                "the scheme is a text in quotes",
                cure: "write one of \(known)",
                argument: index
            )
        }
        guard let scheme = Self(rawValue: name) else {
            throw FunctionError(
                .arguments,
                "there is no scheme '\(name)'",
                cure: "there are \(known)",
                argument: index
            )
        }
        self = scheme
    }

    /// Characters that completing adds.
    var addedLength: Int {
        switch self {
        case .sevenThreeOne, .mod10: 1
        case .mod97: 2
        case .creditorReference: 4
        }
    }

    func completed(_ text: String) throws(EvaluationError) -> String {
        let bytes = Array(text.utf8)
        switch self {
        case .sevenThreeOne: return text + String(try SevenThreeOne.digit(of: bytes))
        case .mod10: return text + String(try Luhn.digit(of: bytes))
        case .mod97: return text + (try Mod97.digits(of: bytes))
        case .creditorReference: return try CreditorReference.completed(bytes)
        }
    }

    func isRight(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return switch self {
        case .sevenThreeOne: SevenThreeOne.isRight(bytes)
        case .mod10: Luhn.isRight(bytes)
        case .mod97: Mod97.isRight(bytes)
        case .creditorReference: CreditorReference.isRight(bytes)
        }
    }

    /// The failure of a text that has no check digit by a scheme.
    static func unfit(_ scheme: CheckDigitScheme, _ wanted: String) -> EvaluationError {
        EvaluationError(.arguments, "a number by '\(scheme.rawValue)' has \(wanted)")
    }

    /// Values of ASCII digits; nil where one is none.
    static func digits(_ bytes: some Sequence<UInt8>) -> [Int]? {
        var digits: [Int] = []
        for byte in bytes {
            guard (0x30...0x39).contains(byte) else { return nil }
            digits.append(Int(byte - 0x30))
        }
        return digits
    }
}

/// `mask(text, start, end)`: so many characters kept at each side, `*` between.
///
/// A text too short to keep both sides is masked whole: `mask('1234', 6, 4)` is `****`.
let maskingFunctions: [Function] = [
    Function(
        "mask",
        "mask(string, int, int) -> string",
        [
            Overload([.exactly(.string), .exactly(.int), .exactly(.int)], .string) {
                _,
                values throws(EvaluationError) in
                guard let text = values[0].text, case .int(let start) = values[1],
                    case .int(let end) = values[2], start >= 0, end >= 0
                else {
                    throw EvaluationError("arguments", "'mask' keeps 0 or more characters a side")
                }
                let scalars = Array(text.unicodeScalars)
                guard let kept = Int(exactly: start.addingReportingOverflow(end).partialValue),
                    kept >= 0, kept < scalars.count
                else { return .string(String(repeating: "*", count: scalars.count)) }
                var masked = String.UnicodeScalarView()
                masked.append(contentsOf: scalars.prefix(Int(start)))
                masked.append(contentsOf: repeatElement("*", count: scalars.count - kept))
                masked.append(contentsOf: scalars.suffix(Int(end)))
                return .string(String(masked))
            }
        ]
    )
]

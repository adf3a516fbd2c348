/// `mask(text, start, end)`: so many characters kept at each side, `*` between.
///
/// A text too short to keep both sides is masked whole: `mask('1234', 6, 4)` is '****',
/// `mask('9233450000000011', 6, 4)` is '923345******0011'.
let maskFunction = Function(
    "mask",
    "mask(string, int, int) -> string",
    [
        Overload([.string, .int, .int]) { site throws(FunctionError) in
            Prepared(
                .string,
                site.bounds(0),
                .three { text, start, end throws(EvaluationError) in
                    let (first, last) = (try start.asInt, try end.asInt)
                    guard first >= 0, last >= 0 else {
                        throw EvaluationError(
                            .arguments,
                            "'mask' keeps 0 or more characters a side"
                        )
                    }
                    let scalars = Array(try text.asText.unicodeScalars)
                    let (kept, overflow) = first.addingReportingOverflow(last)
                    guard !overflow, kept < scalars.count else {
                        return .string(String(repeating: "*", count: scalars.count))
                    }
                    var masked = String.UnicodeScalarView()
                    masked.append(contentsOf: scalars.prefix(Int(first)))
                    masked.append(contentsOf: repeatElement("*", count: scalars.count - Int(kept)))
                    masked.append(contentsOf: scalars.suffix(Int(last)))
                    return .string(String(masked))
                }
            )
        }
    ]
)

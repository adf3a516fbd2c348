/// All functions, in the order of docs/expressions.md.
enum FunctionTable {
    static let all: [Function] =
        roundingFunctions + mathFunctions + bitFunctions + dateFunctions + timeFunctions
        + conversionFunctions + textFunctions + textSearchFunctions + textPartFunctions
        + shapingFunctions + [matchesFunction, matchesMethod, maskFunction]
        + [transliterateFunction] + checkDigitFunctions + listFunctions + sizeFunctions
        + optionalFunctions

    static let functions = Dictionary(all.map { ($0.name, $0) }) { first, _ in first }

    /// Names that stand before a function's point.
    static let namespaces: Set<String> = ["math", "optional", "strings", "cel"]

    /// Names that the checker itself understands.
    static let special = [
        "has", "all", "exists", "exists_one", "existsOne", "filter", "map", "transformList",
        "transformMap", "transformMapEntry", "cel.bind", "hasValue", "value", "or", "orValue",
        "optMap", "optFlatMap", "format",
    ]

    /// All names as they are written, for suggestions.
    static let names = all.map(\.shownName) + special

    /// What other languages call some of them.
    static let foreign = [
        "length": "x.size()", "len": "size(x)", "count": "x.size()", "upper": "x.upperAscii()",
        "toUpperCase": "x.upperAscii()", "uppercase": "x.upperAscii()", "lower": "x.lowerAscii()",
        "toLowerCase": "x.lowerAscii()", "lowercase": "x.lowerAscii()",
        "substr": "x.substring(...)",
        "left": "truncate(x, n)", "padStart": "pad(x, n, ' ')", "padLeft": "pad(x, n, ' ')",
        "padRight": "padEnd(x, n, ' ')", "abs": "math.abs(x)", "ceil": "math.ceil(x)",
        "floor": "math.floor(x)", "trunc": "math.trunc(x)", "average": "x.avg(n)",
        "mean": "x.avg(n)",
        "concat": "a + b", "coalesce": "x.orValue(y)", "ifnull": "x.orValue(y)",
        "now": "batch.created",
        "today": "batch.day", "number": "decimal(x)", "float": "decimal(x)", "str": "string(x)",
    ]

    /// Functions that CEL has and this language leaves out, with what stands for them.
    static let leftOut = [
        "double": "there is no binary floating point: write decimal(...)",
        "uint": "there are no unsigned integers: write int(...)",
        "bytes": "there are no bytes, only text",
        "dyn": "types are known before the first row: leave dyn(...) out",
        "type": "types are known before the first row: there is no type(...)",
    ]
}

/// What the language's reference must describe.
public enum LanguageReference {
    /// The names of all functions and macros, each once: `round`, `math.abs`, `trim`.
    public static let functionNames: [String] = Set(FunctionTable.names).sorted()
}

internal import Transactions

/// What a function may use besides its arguments.
struct FunctionContext: Sendable {
    let timeZone: TimeZoneRules
}

/// Why a call does not check although its types fit.
struct FunctionError: Error {
    let name: String
    let message: String
    var cure: String?
    /// The argument at fault, counted from 0.
    let argument: Int
}

/// One way to call a function.
struct Overload: Sendable {
    /// What an argument may be.
    enum Parameter: Sendable {
        case exactly(ValueType)
        case number
        case listOfNumbers
        case list
        case any
    }

    let parameters: [Parameter]
    var takesOptional = false
    let result: @Sendable ([(type: ValueType, constant: Value?)]) throws(FunctionError) -> ValueType
    let call: @Sendable (FunctionContext, [Value]) throws(EvaluationError) -> Value

    init(
        _ parameters: [Parameter],
        _ result: ValueType,
        _ call: @escaping @Sendable (FunctionContext, [Value]) throws(EvaluationError) -> Value
    ) {
        self.init(parameters, { _ throws(FunctionError) in result }, call)
    }

    init(
        _ parameters: [Parameter],
        _ result:
            @escaping @Sendable ([(type: ValueType, constant: Value?)]) throws(FunctionError) ->
            ValueType,
        _ call: @escaping @Sendable (FunctionContext, [Value]) throws(EvaluationError) -> Value
    ) {
        self.parameters = parameters
        self.result = result
        self.call = call
    }

    func accepts(_ types: [ValueType]) -> Bool {
        guard types.count == parameters.count else { return false }
        return zip(types, parameters).allSatisfy { type, parameter in
            switch (parameter, type) {
            case (.exactly(let wanted), _): type.fits(wanted)
            case (.number, _): type.isNumber
            case (.listOfNumbers, .list(let element)): element.isNumber
            case (.list, .list), (.any, _): true
            default: false
            }
        }
    }
}

/// A function of the language: what it is called, how its help shows it, the ways to call it.
struct Function: Sendable {
    /// `round`; `.trim` for a method; `math.abs` for one with a namespace.
    let name: String
    /// For messages: `round(decimal, int) -> decimal`.
    let signature: String
    let overloads: [Overload]

    init(_ name: String, _ signature: String, _ overloads: [Overload]) {
        self.name = name
        self.signature = signature
        self.overloads = overloads
    }
}

/// All functions, in the order of docs/expressions.md.
enum FunctionTable {
    static let all: [Function] =
        roundingFunctions + mathFunctions + dateFunctions + conversionFunctions + textFunctions
        + listFunctions + optionalFunctions + maskingFunctions

    static let functions = Dictionary(all.map { ($0.name, $0) }) { first, _ in first }
    static let namespaces: Set<String> = ["math", "optional"]
    static let names = all.map { $0.name.hasPrefix(".") ? String($0.name.dropFirst()) : $0.name }
}

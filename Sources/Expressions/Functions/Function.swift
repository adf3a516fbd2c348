internal import Transactions

/// A call as the checker sees it: what it is called with, and where.
struct CallSite: Sendable {
    let arguments: [Typed]
    let timeZone: TimeZoneRules

    func type(_ index: Int) -> ValueType { arguments[index].type }

    func bounds(_ index: Int) -> Bounds { arguments[index].bounds }

    /// What is known of an argument's size without its sign.
    func magnitude(_ index: Int) -> Bounds {
        var bounds = bounds(index)
        bounds.isNonNegative = true
        return bounds
    }

    func constantText(_ index: Int) -> String? { arguments[index].constant?.text }

    func constantInt(_ index: Int) -> Int64? {
        guard case .int(let value)? = arguments[index].constant else { return nil }
        return value
    }
}

/// Why a call does not check although its types fit.
struct FunctionError: Error {
    let name: ExpressionErrorName
    let message: String
    var cure: String?
    /// The argument at fault, counted from 0, a method's receiver first.
    let argument: Int

    init(_ name: ExpressionErrorName, _ message: String, cure: String? = nil, argument: Int) {
        self.name = name
        self.message = message
        self.cure = cure
        self.argument = argument
    }
}

/// How a call gets its value, by how many arguments it has; none of them makes an array but `many`.
enum Body: Sendable {
    /// From a number to a number, which need no `Value` around them.
    case number(@Sendable (ExactDecimal) throws(EvaluationError) -> ExactDecimal)
    case one(@Sendable (Value) throws(EvaluationError) -> Value)
    case two(@Sendable (Value, Value) throws(EvaluationError) -> Value)
    case three(@Sendable (Value, Value, Value) throws(EvaluationError) -> Value)
    case many(@Sendable ([Value]) throws(EvaluationError) -> Value)
}

/// A call after checking.
struct Prepared: Sendable {
    let type: ValueType
    var bounds = Bounds.unknown
    let body: Body
    /// What the call makes of its first argument, where a shape can say it.
    var step: ShapeStep?

    /// What a call does to one argument.
    enum ShapeStep: Sendable {
        case round(places: Int, ExactDecimal.Rounding)
        case local(TimeZoneRules)
        case date(TimeZoneRules)
    }

    /// The call's shape, made of its first argument's.
    func shape(of parts: [Typed]) -> ExpressionShape? {
        guard let step, let inner = parts.first?.shape else { return nil }
        switch step {
        case .round(let places, let way): return .rounded(inner, places: places, way)
        case .local(let zone): return .local(inner, zone)
        case .date(let zone): return .date(inner, zone)
        }
    }

    init(_ type: ValueType, _ bounds: Bounds = .unknown, _ body: Body) {
        self.type = type
        self.bounds = bounds
        self.body = body
    }
}

/// One way to call a function.
struct Overload: Sendable {
    /// What an argument may be.
    enum Parameter: Sendable {
        case exactly(ValueType)
        case number
        /// A decimal and no int.
        case decimal
        case listOfNumbers
        case listOfOrdered
        case list
        case map
        case any

        static let string = Parameter.exactly(.string)
        static let int = Parameter.exactly(.int)
        static let date = Parameter.exactly(.date)
        static let timestamp = Parameter.exactly(.timestamp)
        static let duration = Parameter.exactly(.duration)

        func accepts(_ type: ValueType) -> Bool {
            switch (self, type) {
            case (_, .unknown): true
            case (.exactly(let wanted), _): type.fits(wanted)
            case (.number, _): type.isNumber
            case (.decimal, .decimal): true
            case (.listOfNumbers, .list(let element)): element.isNumber
            case (.listOfOrdered, .list(let element)): element.isOrdered
            case (.list, .list), (.map, .map), (.any, _): true
            default: false
            }
        }
    }

    let parameters: [Parameter]
    /// Whether the last parameter may come again and again.
    let isVariadic: Bool
    let prepare: @Sendable (CallSite) throws(FunctionError) -> Prepared

    init(
        _ parameters: [Parameter],
        isVariadic: Bool = false,
        prepare: @escaping @Sendable (CallSite) throws(FunctionError) -> Prepared
    ) {
        self.parameters = parameters
        self.isVariadic = isVariadic
        self.prepare = prepare
    }

    /// A call with one argument and always the same type.
    init(
        _ one: Parameter,
        to result: ValueType,
        _ body: @escaping @Sendable (Value) throws(EvaluationError) -> Value
    ) {
        self.init([one]) { _ throws(FunctionError) in Prepared(result, .unknown, .one(body)) }
    }

    /// A call with two arguments and always the same type.
    init(
        _ one: Parameter,
        _ two: Parameter,
        to result: ValueType,
        _ body: @escaping @Sendable (Value, Value) throws(EvaluationError) -> Value
    ) {
        self.init([one, two]) { _ throws(FunctionError) in Prepared(result, .unknown, .two(body)) }
    }

    /// A call with three arguments and always the same type.
    init(
        _ one: Parameter,
        _ two: Parameter,
        _ three: Parameter,
        to result: ValueType,
        _ body: @escaping @Sendable (Value, Value, Value) throws(EvaluationError) -> Value
    ) {
        self.init([one, two, three]) { _ throws(FunctionError) in
            Prepared(result, .unknown, .three(body))
        }
    }

    func accepts(_ types: [ValueType]) -> Bool {
        guard
            types.count == parameters.count || (isVariadic && types.count > parameters.count)
        else { return false }
        return types.enumerated().allSatisfy { index, type in
            parameters[min(index, parameters.count - 1)].accepts(type)
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

    /// The name as it is written: `trim`, `math.abs`.
    var shownName: String { name.hasPrefix(".") ? String(name.dropFirst()) : name }
}

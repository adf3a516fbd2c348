public import Transactions

/// The names an expression may use, with their types: what the checker knows of its surroundings.
///
/// A scope is a value: an inner loop's scope is a copy with more names.
public struct Scope: Sendable {
    /// Where a name's value is.
    enum Place: Sendable {
        /// In a slot of the frame.
        case slot(Int)
        /// A member of the record in a slot.
        case member(slot: Int, index: Int)
    }

    /// What is known of a name.
    struct Declaration: Sendable {
        var type: ValueType
        var bounds: Bounds
        let place: Place
        /// Whether a macro of the expression itself brought it.
        var isMacroVariable = false
    }

    /// A function that the surroundings bring, such as a lookup.
    struct OuterFunction: Sendable {
        let parameters: [ValueType]
        let result: ValueType
        let call: @Sendable ([Value]) throws(EvaluationError) -> Value
    }

    /// The zone that `date` and `local` use.
    public let timeZone: TimeZoneRules
    /// Whether a macro's variable may have the name of something else, as CEL allows and templates refuse.
    public var allowsHiding = false
    /// Slots given so far; a frame needs at least as many.
    public private(set) var slotCount = 0
    private(set) var names: [String: Declaration] = [:]
    private(set) var functions: [String: [String: OuterFunction]] = [:]
    private(set) var narrowed: Set<String> = []
    /// What messages call the record whose members are bare names: "a transaction has no field".
    private(set) var bareRecord: RecordType?

    /// An empty scope.
    public init(timeZone: TimeZoneRules) { self.timeZone = timeZone }

    /// Names that are declared, for messages and for the check that no name hides another.
    public var declaredNames: [String] { names.keys.sorted() }

    /// Adds a variable and returns the slot its value goes to.
    ///
    /// A name may have points in it: `a.b` is found before a member `b` of `a`, as CEL resolves names.
    public mutating func declare(
        _ name: String,
        _ type: ValueType,
        bounds: Bounds = .unknown
    ) -> Int {
        let slot = slotCount
        slotCount += 1
        forget(name)
        names[name] = Declaration(type: type, bounds: bounds, place: .slot(slot))
        return slot
    }

    mutating func declareMacroVariable(_ name: String, _ type: ValueType, bounds: Bounds) -> Int {
        let slot = declare(name, type, bounds: bounds)
        names[name]?.isMacroVariable = true
        return slot
    }

    /// What `hasValue()` showed of a hidden name says nothing of the one that hides it.
    private mutating func forget(_ name: String) {
        guard !narrowed.isEmpty, names[name] != nil else { return }
        narrowed = narrowed.filter { $0 != name && !$0.hasPrefix(name + ".") }
    }

    /// Gives a variable another type; its slot stays.
    ///
    /// A name that is not declared is left alone.
    public mutating func redeclare(_ name: String, _ type: ValueType, bounds: Bounds = .unknown) {
        guard names[name] != nil else { return }
        names[name]?.type = type
        names[name]?.bounds = bounds
    }

    /// Makes the members of a record in a slot usable as bare names, as a transaction's fields are.
    public mutating func declareMembers(of slot: Int, _ record: RecordType) {
        for (index, member) in record.members.enumerated() {
            names[member.name] = Declaration(
                type: member.type,
                bounds: member.bounds,
                place: .member(slot: slot, index: index)
            )
        }
        bareRecord = record
    }

    /// Adds a function `namespace.name(...)`.
    public mutating func declareFunction(
        namespace: String,
        name: String,
        parameters: [ValueType],
        result: ValueType,
        call: @escaping @Sendable ([Value]) throws(EvaluationError) -> Value
    ) {
        functions[namespace, default: [:]][name] = OuterFunction(
            parameters: parameters,
            result: result,
            call: call
        )
    }

    /// Takes an optional name as a value from here on, because what lacks it does not come here.
    public mutating func narrow(_ name: String) { narrowed.insert(name) }

    mutating func narrow(_ paths: Set<String>) { narrowed.formUnion(paths) }
}

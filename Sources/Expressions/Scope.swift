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

    /// A function that the surroundings bring, such as a lookup.
    struct OuterFunction: Sendable {
        let parameters: [ValueType]
        let result: ValueType
        let call: @Sendable ([Value]) throws(EvaluationError) -> Value
    }

    /// The zone that `date` and `local` use.
    public let timeZone: TimeZoneRules
    /// Slots given so far; a frame needs at least as many.
    public private(set) var slotCount = 0
    private(set) var names: [String: (type: ValueType, place: Place)] = [:]
    private(set) var functions: [String: [String: OuterFunction]] = [:]
    private(set) var narrowed: Set<String> = []
    /// What messages call the record whose members are bare names: "a transaction has no field".
    private(set) var bareRecord: RecordType?

    /// An empty scope.
    public init(timeZone: TimeZoneRules) { self.timeZone = timeZone }

    /// Names that are declared, for messages and for the check that no name hides another.
    public var declaredNames: [String] { names.keys.sorted() }

    /// Adds a variable and returns the slot its value goes to.
    public mutating func declare(_ name: String, _ type: ValueType) -> Int {
        let slot = slotCount
        slotCount += 1
        names[name] = (type, .slot(slot))
        return slot
    }

    /// Gives a variable another type; its slot stays.
    ///
    /// A name that is not declared is left alone.
    public mutating func redeclare(_ name: String, _ type: ValueType) {
        if let place = names[name]?.place { names[name] = (type, place) }
    }

    /// Makes the members of a record in a slot usable as bare names, as a transaction's fields are.
    public mutating func declareMembers(of slot: Int, _ record: RecordType) {
        for (index, member) in record.members.enumerated() {
            names[member.name] = (member.type, .member(slot: slot, index: index))
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

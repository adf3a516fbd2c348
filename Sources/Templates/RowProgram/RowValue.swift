internal import Expressions
internal import Transactions

/// Where a value stands in a row, as far as a program can read it there.
indirect enum RowValue {
    case text(Field)
    /// An amount, rounded to 0 to 4 places.
    case amount(Field, places: Int)
    case integer(Field)
    /// The row's number in its loop.
    case number
    case instant(Field)
    case local(Field, TimeZoneRules)
    case date(Field, TimeZoneRules)
    /// A lookup's row by a text field.
    case lookup(LookupTable, key: Field)
    case column(LookupTable, key: Field, index: Int)
    case constant(Value)
    /// The same for all rows of the loop.
    case outer
    case conditional(RowTest, RowValue, RowValue)
}

/// A condition on a row.
indirect enum RowTest {
    case constant(Bool)
    case present(Field)
    case presentColumn(LookupTable, key: Field, index: Int)
    /// In ten-thousandths.
    case amount(Field, Int64)
    case text(Field, [UInt8])
    case not(RowTest)
    case both(RowTest, RowTest)
    case any(RowTest, RowTest)
}

/// Follows an expression's shape to the row: through derived fields and names of the loop.
struct RowValues {
    let plan: Plan
    /// The slot of the row that the program runs for.
    let rowSlot: Int
    /// Names that the node binds for the row.
    var bindings: [Int: ExpressionShape] = [:]
    /// The slot of the row's number.
    var numberSlot: Int?

    private var derivedStart: Int {
        plan.selection.fields.count + (plan.template.acceptsReversals ? 2 : 0)
    }

    func value(_ shape: ExpressionShape) -> RowValue? {
        switch shape {
        case .constant(let value): return .constant(value)
        case .slot(let slot):
            if slot == numberSlot { return .number }
            if let bound = bindings[slot] { return value(bound) }
            if let derived = plan.selection.derived.first(where: { $0.slot == slot }),
                rowSlot == plan.selection.rowSlot
            {
                return derived.value.shape.flatMap(value)
            }
            return slot == rowSlot ? nil : .outer
        case .member(let slot, let index):
            return slot == rowSlot ? member(index) : .outer
        case .outerCall("lookups", let name, let arguments):
            guard arguments.count == 1, case .text(let key)? = value(arguments[0]),
                let table = plan.lookups.first(where: { $0.declaration.name == name }),
                table.textIndex != nil
            else { return nil }
            return .lookup(table, key: key)
        case .outerCall: return nil
        case .column(let base, let index):
            switch value(base) {
            case .lookup(let table, let key)?: return .column(table, key: key, index: index)
            case .outer?: return .outer
            default: return nil
            }
        case .rounded(let inner, let places, .halfUp):
            guard case .amount(let field, let had)? = value(inner) else { return nil }
            // Rounding twice to ever fewer places is not rounding once, so only a plain amount is.
            if places >= had { return .amount(field, places: had) }
            return had == FixedDecimal.scale ? .amount(field, places: places) : nil
        case .rounded: return nil
        case .local(let inner, let zone):
            guard case .instant(let field)? = value(inner) else { return nil }
            return .local(field, zone)
        case .date(let inner, let zone):
            switch value(inner) {
            case .instant(let field)?: return .date(field, zone)
            default: return nil
            }
        case .conditional(let asked, let first, let second):
            guard let test = test(asked), let one = value(first), let two = value(second),
                !one.isOuter, !two.isOuter
            else { return nil }
            return .conditional(test, one, two)
        case .either(let first, let second):
            guard let one = value(first), let two = value(second), !two.isOuter,
                let test = presence(of: one)
            else { return nil }
            return .conditional(test, one, two)
        case .isPresent, .equals, .not, .both, .any: return nil
        }
    }

    private func member(_ index: Int) -> RowValue? {
        if index >= derivedStart {
            let place = index - derivedStart
            guard place < plan.selection.derived.count,
                let shape = plan.selection.derived[place].value.shape
            else { return nil }
            return RowValues(plan: plan, rowSlot: plan.selection.rowSlot).value(shape)
        }
        guard index < plan.selection.fields.count else {
            // A row that takes a batch back is none of a program's.
            return .constant(index == plan.selection.fields.count ? .bool(false) : .absent)
        }
        let field = plan.selection.fields[index]
        switch field.kind {
        case .text: return .text(field)
        case .amount: return .amount(field, places: FixedDecimal.scale)
        case .integer: return .integer(field)
        case .timestamp: return .instant(field)
        }
    }

    // MARK: Tests

    func test(_ shape: ExpressionShape) -> RowTest? {
        switch shape {
        case .constant(.bool(let value)): return .constant(value)
        case .isPresent(let inner): return value(inner).flatMap(presence)
        case .not(let inner): return test(inner).map { .not($0) }
        case .both(let one, let two):
            guard let first = test(one), let second = test(two) else { return nil }
            return .both(first, second)
        case .any(let one, let two):
            guard let first = test(one), let second = test(two) else { return nil }
            return .any(first, second)
        case .equals(let one, let two, let isNegated):
            guard let left = value(one), let right = value(two),
                let test = equality(left, right) ?? equality(right, left)
            else { return nil }
            return isNegated ? .not(test) : test
        case .slot(let slot): return bindings[slot].flatMap(test)
        case .member(let slot, let index):
            guard slot == rowSlot, case .constant(.bool(let value))? = member(index) else {
                return nil
            }
            return .constant(value)
        default: return nil
        }
    }

    /// Whether a value is there.
    func presence(of value: RowValue) -> RowTest? {
        switch value {
        case .text(let field), .amount(let field, _), .integer(let field), .instant(let field),
            .local(let field, _), .date(let field, _):
            return .present(field)
        case .column(let table, let key, let index):
            return .presentColumn(table, key: key, index: index)
        case .constant(let value): return .constant(!value.isAbsent)
        case .lookup, .outer, .conditional, .number: return nil
        }
    }

    private func equality(_ value: RowValue, _ other: RowValue) -> RowTest? {
        guard case .constant(let constant) = other else { return nil }
        switch (value, constant) {
        case (.amount(let field, FixedDecimal.scale), _):
            guard let number = constant.number?.significand(atScale: FixedDecimal.scale),
                let narrow = Int64(exactly: number)
            else { return nil }
            return .amount(field, narrow)
        case (.text(let field), .string(let text)) where text.utf8.allSatisfy({ $0 < 0x80 }):
            let test = RowTest.text(field, Array(text.utf8))
            return plan.selection.isOptional(field) ? .both(.present(field), test) : test
        default: return nil
        }
    }
}

extension RowValue {
    var isOuter: Bool { if case .outer = self { true } else { false } }
}

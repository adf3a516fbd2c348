internal import Expressions
internal import Transactions

/// A program being written: ops with their jumps, and what they point to.
struct RowProgramDraft {
    /// A cell's form: what the general path makes of a value, and the same for ops.
    struct Form {
        let field: FieldForm
        let style: Int
        let encode: @Sendable (Value) -> [UInt8]?
    }

    /// Fields that the template can do without.
    private let mayLack: Set<Field>
    private(set) var ops: [RowOp] = []
    private(set) var styles: [RowStyle] = []
    private(set) var patterns: [RowPattern] = []
    private(set) var digits: [RowPattern.Digits] = []
    private(set) var zones: [TimeZoneRules] = []
    private(set) var pool: [UInt8] = []
    private(set) var lookups: [RowProgram.Lookup] = []
    private(set) var cells: [RowProgram.Cell] = []
    private(set) var outers: [RowProgram.Outer] = []
    var sums: [RowProgram.Sum] = []
    private(set) var registers = 0

    init(mayLack: Set<Field> = []) { self.mayLack = mayLack }

    // MARK: Parts

    mutating func put(_ bytes: [UInt8]) -> Int32 {
        defer { pool.append(contentsOf: bytes) }
        return Int32(pool.count)
    }

    mutating func add(_ style: RowStyle) -> Int {
        styles.append(style.settled)
        return styles.count - 1
    }

    /// The number of a lookup by a field; nil where there are too many.
    mutating func lookup(_ table: LookupTable, _ key: Field) -> Int? {
        let word = 2 * Int(key.rawValue)
        if let known = lookups.firstIndex(where: { $0.table === table && $0.word == word }) {
            return known
        }
        guard lookups.count < RowProgram.mostLookups, let index = table.textIndex else {
            return nil
        }
        lookups.append(
            .init(table: table, index: index, word: word, bit: 1 << UInt32(key.rawValue))
        )
        return lookups.count - 1
    }

    private mutating func zone(_ zone: TimeZoneRules) -> Int {
        if let known = zones.firstIndex(of: zone) { return known }
        zones.append(zone)
        return zones.count - 1
    }

    // MARK: Ops

    mutating func literal(_ bytes: [UInt8]) {
        guard !bytes.isEmpty else { return }
        if var last = ops.last, last.kind == .literal, !isTarget(ops.count),
            Int(last.start + last.count) == pool.count
        {
            pool.append(contentsOf: bytes)
            last.count += Int32(bytes.count)
            ops[ops.count - 1] = last
            return
        }
        var op = RowOp(kind: .literal)
        op.count = Int32(bytes.count)
        op.start = put(bytes)
        ops.append(op)
    }

    /// Places that jumps lead to, so that literals are not joined across them.
    private var targets: Set<Int> = []
    private func isTarget(_ place: Int) -> Bool { targets.contains(place) }

    mutating func op(_ kind: RowOp.Kind) { ops.append(RowOp(kind: kind)) }

    /// A jump whose target is settled later.
    mutating func jump() -> Int {
        ops.append(RowOp(kind: .jump))
        return ops.count - 1
    }

    /// Lets jumps lead to what comes next.
    mutating func settle(_ jumps: [Int]) {
        guard !jumps.isEmpty else { return }
        for jump in jumps { ops[jump].target = Int32(ops.count) }
        targets.insert(ops.count)
    }

    /// Ends an element; what vanished goes on where the op's target is settled.
    mutating func jumpingEnd() -> Int {
        ops.append(RowOp(kind: .end))
        return ops.count - 1
    }

    private func reading(_ kind: RowOp.Kind, _ field: Field) -> RowOp {
        var op = RowOp(kind: kind)
        op.word = 2 * Int32(field.rawValue)
        op.bit = 1 << UInt32(field.rawValue)
        return op
    }

    // MARK: Tests

    /// Goes on with what comes next where the test holds; returns the jumps where it does not.
    ///
    /// Nil when it cannot be asked.
    mutating func test(_ test: RowTest) -> [Int]? {
        switch test {
        case .constant(true): return []
        case .constant(false): return [jump()]
        case .present(let field):
            ops.append(reading(.jumpIfAbsent, field))
            return [ops.count - 1]
        case .presentColumn(let table, let key, let index):
            guard let number = cell(table, key, index, encode: { _ in nil }) else { return nil }
            var op = RowOp(kind: .jumpIfColumnAbsent)
            op.start = Int32(number)
            ops.append(op)
            return [ops.count - 1]
        case .amount(let field, let value):
            var op = reading(.jumpUnlessAmount, field)
            op.number = value
            ops.append(op)
            return [ops.count - 1]
        case .text(let field, let text):
            var op = reading(.jumpUnlessText, field)
            op.count = Int32(text.count)
            op.start = put(text)
            ops.append(op)
            return [ops.count - 1]
        case .not(let inner):
            guard let jumps = self.test(inner) else { return nil }
            let holds = jump()
            settle(jumps)
            return [holds]
        case .both(let one, let two):
            guard let first = self.test(one), let second = self.test(two) else { return nil }
            return first + second
        case .any(let one, let two):
            guard let first = self.test(one) else { return nil }
            let holds = jump()
            settle(first)
            guard let second = self.test(two) else { return nil }
            settle([holds])
            return second
        }
    }

    // MARK: Cells

    private mutating func cell(
        _ table: LookupTable,
        _ key: Field,
        _ index: Int,
        encode: @escaping @Sendable (Value) -> [UInt8]?
    ) -> Int? {
        guard let number = lookup(table, key) else { return nil }
        cells.append(.init(lookup: number, column: index, encode: encode))
        return cells.count - 1
    }

    /// Appends a value as a cell, `absent` where there is none; false when no op can write it.
    mutating func cell(
        _ value: RowValue,
        _ formula: Formula,
        _ form: Form,
        _ absent: [UInt8],
        register: Int? = nil
    ) -> Bool {
        switch value {
        case .constant(let value):
            guard register == nil, let bytes = form.encode(value) else { return false }
            literal(bytes)
            return true
        case .outer:
            outers.append(.init(formula: formula, encode: form.encode))
            var op = RowOp(kind: .outer)
            op.start = Int32(outers.count - 1)
            ops.append(op)
            return register == nil
        case .text(let field):
            return field.kind == .text && register == nil
                && append(reading(.text, field), field, form, absent)
        case .amount(let field, let places):
            guard case .decimal = form.field.type.present else { return false }
            var op = reading(.amount, field)
            op.places = Int8(places)
            op.register = Int16(register ?? -1)
            return append(op, field, form, absent)
        case .integer(let field):
            guard form.field.type.present == .int else { return false }
            var op = reading(.integer, field)
            op.register = Int16(register ?? -1)
            return append(op, field, form, absent)
        case .number:
            guard form.field.type.present == .int, register == nil else { return false }
            var op = RowOp(kind: .number)
            op.style = Int32(form.style)
            ops.append(op)
            return true
        case .local(let field, let zone): return time(field, zone, isDate: false, form, absent)
        case .date(let field, let zone): return time(field, zone, isDate: true, form, absent)
        case .column(let table, let key, let index):
            guard register == nil else { return false }
            guard let number = cell(table, key, index, encode: form.encode) else { return false }
            var op = RowOp(kind: .column)
            op.start = Int32(number)
            ops.append(op)
            return true
        case .conditional(let test, let one, let two):
            guard register == nil, let otherwise = self.test(test),
                cell(one, formula, form, absent)
            else { return false }
            let end = jump()
            settle(otherwise)
            guard cell(two, formula, form, absent) else { return false }
            settle([end])
            return true
        case .lookup, .instant: return false
        }
    }

    /// Appends an op that reads a field, with what stands for an absent one.
    private mutating func append(
        _ reading: RowOp,
        _ field: Field,
        _ form: Form,
        _ absent: [UInt8]
    ) -> Bool {
        var op = reading
        op.style = Int32(form.style)
        if field.isOptional || mayLack.contains(field) {
            op.allowsAbsent = op.register < 0
            op.count = Int32(absent.count)
            op.start = put(absent)
        }
        ops.append(op)
        return true
    }

    private mutating func time(
        _ field: Field,
        _ zone: TimeZoneRules,
        isDate: Bool,
        _ form: Form,
        _ absent: [UInt8]
    ) -> Bool {
        guard let steps = form.field.dateSteps else { return false }
        var text: [UInt8] = []
        var clock: [RowPattern.Digits] = []
        let first = digits.count
        for step in steps {
            let part: (RowPattern.Part, Int)
            switch step {
            case .literal(let literal):
                // What quoting, escaping or an encoding would look at is the general path's.
                guard literal.utf8.allSatisfy({ Self.isHarmless($0, styles[form.style]) }) else {
                    return false
                }
                text.append(contentsOf: literal.utf8)
                continue
            case .year: part = (.year, 4)
            case .shortYear: part = (.shortYear, 2)
            case .month: part = (.month, 2)
            case .day: part = (.day, 2)
            case .hour: part = (.hour, 2)
            case .minute: part = (.minute, 2)
            case .second: part = (.second, 2)
            case .millisecond: part = (.millisecond, 3)
            }
            let place = RowPattern.Digits(offset: Int32(text.count), part: part.0)
            switch part.0 {
            case .year, .shortYear, .month, .day: digits.append(place)
            case .hour, .minute, .second, .millisecond: clock.append(place)
            }
            text += [UInt8](repeating: 0x30, count: part.1)
        }
        // Room is asked for once a row (`RowProgram.room`).
        guard text.count <= 64 else { return false }
        let middle = digits.count
        digits += clock
        patterns.append(
            RowPattern(
                start: put(text),
                count: Int32(text.count),
                firstDigits: Int32(first),
                clockDigits: Int32(middle),
                lastDigits: Int32(digits.count),
                zone: Int32(self.zone(zone)),
                isDate: isDate
            )
        )
        var op = reading(.time, field)
        op.number = Int64(patterns.count - 1)
        return append(op, field, form, absent)
    }

    private static func isHarmless(_ byte: UInt8, _ style: RowStyle) -> Bool {
        switch byte {
        case 0x22, 0x26, 0x3C, 0x3E, 0x7F: false
        case style.delimiter where style.form == .delimited: false
        default: byte >= 0x20 && byte < 0x80
        }
    }

    /// A register for a number that sums ask for; nil where there are too many.
    mutating func register() -> Int? {
        guard registers < RowProgram.mostRegisters else { return nil }
        registers += 1
        return registers - 1
    }
}

internal import Expressions

/// What the lines of a text record look like: literal pieces with holes between.
final class LineShape: Sendable {
    enum Piece: Sendable {
        case literal([UInt8])
        /// A hole; `member` is the place of the `let` it shows, nil when it shows something else.
        case hole(number: FieldForm?, absent: [UInt8], member: Int?)
    }

    /// One or several lines, in order.
    let lines: [[Piece]]
    let id: Int
    let levels: [Int]
    let members: [Int]
    private let memberCount: Int
    /// How much of it stands alike in every record.
    let constantBytes: Int

    init(
        _ text: TextTemplate,
        _ note: CompiledNode.RecordNote,
        names: [String],
        _ constants: ConstantReader
    ) {
        id = note.id
        levels = note.levels
        members = note.members
        memberCount = names.count
        var lines: [[Piece]] = [[]]
        func append(_ literal: ArraySlice<UInt8>) {
            guard !literal.isEmpty else { return }
            if case .literal(let before)? = lines[lines.count - 1].last {
                lines[lines.count - 1].removeLast()
                lines[lines.count - 1].append(.literal(before + literal))
            } else {
                lines[lines.count - 1].append(.literal(Array(literal)))
            }
        }
        for piece in text.pieces {
            switch piece {
            case .literal(let literal):
                let parts = literal.split(separator: 0x0A, omittingEmptySubsequences: false)
                for (index, part) in parts.enumerated() {
                    if index > 0 { lines.append([]) }
                    append(part)
                }
            case .hole(let formula, let form):
                let absent = Array((form.format.absent ?? "").utf8)
                if let constant = constants.constant(of: formula, form, absent) {
                    append(constant[...])
                    continue
                }
                let isNumber = form.isNumber && !form.hasNumberPattern
                let shown = names.firstIndex(of: formula.source)
                lines[lines.count - 1].append(
                    .hole(
                        number: isNumber ? form : nil,
                        absent: absent,
                        member: isNumber || form.isText ? shown : nil
                    )
                )
            }
        }
        // What ends with a line end has no line behind it.
        if lines.count > 1, lines[lines.count - 1].isEmpty { lines.removeLast() }
        self.lines = lines
        constantBytes = lines.joined().reduce(0) { sum, piece in
            if case .literal(let literal) = piece { sum + literal.count } else { sum }
        }
    }

    /// The members that lines show; nil when they are none of this shape.
    func values(of found: ArraySlice<[UInt8]>) -> [Value?]? {
        guard found.count >= lines.count else { return nil }
        var values = [Value?](repeating: nil, count: memberCount)
        for (pieces, line) in zip(lines, found) {
            var steps = 10_000
            guard Self.match(pieces[...], line[...], &values, &steps) else { return nil }
        }
        return values
    }

    /// Matches pieces against text; a hole ends where the literal behind it begins, at whichever place
    /// lets the rest match too.
    private static func match(
        _ pieces: ArraySlice<Piece>,
        _ text: ArraySlice<UInt8>,
        _ values: inout [Value?],
        _ steps: inout Int
    ) -> Bool {
        steps -= 1
        guard steps > 0 else { return false }
        guard let first = pieces.first else { return text.isEmpty }
        let rest = pieces.dropFirst()
        guard case .hole(let form, let absent, let member) = first else {
            guard case .literal(let literal) = first, text.starts(with: literal) else {
                return false
            }
            return match(rest, text.dropFirst(literal.count), &values, &steps)
        }
        var end = text.startIndex
        while true {
            var follows = rest.isEmpty ? end == text.endIndex : true
            if case .literal(let literal)? = rest.first {
                follows = text[end...].starts(with: literal)
            }
            if follows, let value = value(text[..<end], form, absent),
                match(rest, text[end...], &values, &steps)
            {
                if let member, member < values.count { values[member] = value }
                return true
            }
            guard end < text.endIndex else { return false }
            end += 1
        }
    }

    private static func value(_ text: ArraySlice<UInt8>, _ form: FieldForm?, _ absent: [UInt8])
        -> Value?
    {
        guard let form else { return .string(String(decoding: text, as: UTF8.self)) }
        if form.type.isOptional, text.elementsEqual(absent) { return .absent }
        return NumberReading.value(text, form)
    }
}

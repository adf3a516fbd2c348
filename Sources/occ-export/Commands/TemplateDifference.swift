/// Two files compared line by line, shown as `diff -u` shows it.
///
/// Lines are bytes in any encoding: what is no printable UTF-8 stands as `\xNN`, so that a letter in
/// another code page, a carriage return or a byte-order mark shows.
struct TemplateDifference {
    /// The differing lines with three lines around them, and where in a long line they part.
    let text: String

    /// More lines than these are told by their number.
    private static let most = 60
    /// Files of more lines are compared only up to their first difference.
    private static let mostCompared = 4000

    init(expected: [UInt8], actual: [UInt8], file: String) {
        let old = Self.lines(expected)
        let new = Self.lines(actual)
        var lines = ["--- \(file)", "+++ rendered now"]
        if old.count > Self.mostCompared || new.count > Self.mostCompared {
            let place = zip(old, new).enumerated().first { $1.0 != $1.1 }?.offset
            let first = place ?? min(old.count, new.count)
            lines.append("@@ line \(first + 1), the first that differs @@")
            if first < old.count { lines.append("-" + Self.shown(old[first])) }
            if first < new.count { lines.append("+" + Self.shown(new[first])) }
        } else {
            lines += Self.hunks(old, new)
        }
        if lines.count > Self.most {
            let rest = lines.count - Self.most
            lines = Array(lines.prefix(Self.most)) + ["… and \(rest) more lines"]
        }
        text = lines.joined(separator: "\n")
    }

    /// The lines with their ends, so that another line end is a difference too.
    private static func lines(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        var lines: [ArraySlice<UInt8>] = []
        var start = 0
        for (place, byte) in bytes.enumerated() where byte == 0x0A {
            lines.append(bytes[start...place])
            start = place + 1
        }
        if start < bytes.count { lines.append(bytes[start...]) }
        return lines
    }

    private enum Change: Equatable {
        case both(Int, Int)
        case old(Int)
        case new(Int)
    }

    private static func hunks(_ old: [ArraySlice<UInt8>], _ new: [ArraySlice<UInt8>]) -> [String] {
        let difference = new.difference(from: old)
        let removed = Set(
            difference.removals.compactMap { change -> Int? in
                if case .remove(let offset, _, _) = change { offset } else { nil }
            }
        )
        let inserted = Set(
            difference.insertions.compactMap { change -> Int? in
                if case .insert(let offset, _, _) = change { offset } else { nil }
            }
        )
        var changes: [Change] = []
        var (left, right) = (0, 0)
        while left < old.count || right < new.count {
            if left < old.count, removed.contains(left) {
                changes.append(.old(left))
                left += 1
            } else if right < new.count, inserted.contains(right) {
                changes.append(.new(right))
                right += 1
            } else {
                changes.append(.both(left, right))
                left += 1
                right += 1
            }
        }
        let around = 3
        let differing = changes.indices.filter {
            if case .both = changes[$0] { false } else { true }
        }
        var ranges: [Range<Int>] = []
        for place in differing {
            let range = max(0, place - around)..<min(changes.count, place + around + 1)
            if let last = ranges.last, last.upperBound >= range.lowerBound {
                ranges[ranges.count - 1] = last.lowerBound..<range.upperBound
            } else {
                ranges.append(range)
            }
        }
        return ranges.flatMap { hunk(changes[$0], old, new) }
    }

    private static func hunk(
        _ changes: ArraySlice<Change>,
        _ old: [ArraySlice<UInt8>],
        _ new: [ArraySlice<UInt8>]
    ) -> [String] {
        var lines: [String] = []
        var (oldStart, newStart): (Int?, Int?) = (nil, nil)
        var (oldCount, newCount) = (0, 0)
        var pending: [ArraySlice<UInt8>] = []
        for change in changes {
            switch change {
            case .both(let left, let right):
                oldStart = oldStart ?? left
                newStart = newStart ?? right
                (oldCount, newCount) = (oldCount + 1, newCount + 1)
                lines.append(" " + shown(old[left]))
                pending = []
            case .old(let left):
                oldStart = oldStart ?? left
                oldCount += 1
                lines.append("-" + shown(old[left]))
                pending.append(old[left])
            case .new(let right):
                newStart = newStart ?? right
                newCount += 1
                lines.append("+" + shown(new[right]))
                if !pending.isEmpty { lines += mark(pending.removeFirst(), new[right]) }
            }
        }
        let place = { (start: Int?, count: Int) in "\((start ?? -1) + 1),\(count)" }
        return ["@@ -\(place(oldStart, oldCount)) +\(place(newStart, newCount)) @@"] + lines
    }

    /// `?    ^ byte 12: E4 is expected, 84 is rendered` below a line that differs from its counterpart.
    private static func mark(_ old: ArraySlice<UInt8>, _ new: ArraySlice<UInt8>) -> [String] {
        let same = zip(old, new).prefix { $0 == $1 }.count
        guard same < old.count || same < new.count else { return [] }
        let before = shown(new.prefix(same))
        func byte(_ line: ArraySlice<UInt8>) -> String {
            guard same < line.count, line[line.startIndex + same] != 0x0A else {
                return "the line's end"
            }
            return hexadecimal(line[line.startIndex + same])
        }
        let blanks = String(repeating: " ", count: before.count)
        return ["?\(blanks)^ byte \(same + 1): \(byte(old)) is expected, \(byte(new)) is rendered"]
    }

    private static func hexadecimal(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16, uppercase: true)
        return digits.count < 2 ? "0" + digits : digits
    }

    /// A line without its end where that is a plain line feed; everything else that cannot be seen as
    /// `\xNN`.
    private static func shown(_ line: ArraySlice<UInt8>) -> String {
        let bytes = line.last == 0x0A ? line.dropLast() : line
        var text = ""
        var rest = bytes
        while let byte = rest.first {
            let length = byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
            let part = rest.prefix(length)
            if byte == 0x0D, rest.count == 1 {
                text += "\\r"
                rest = rest.dropFirst()
            } else if byte >= 0x20, byte != 0x7F,
                let character = String(validating: part, as: UTF8.self),
                character != "\u{FEFF}"
            {
                text += character
                rest = rest.dropFirst(length)
            } else {
                text += "\\x" + hexadecimal(byte)
                rest = rest.dropFirst()
            }
        }
        return text
    }
}

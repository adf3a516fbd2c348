/// Where some characters of an expression stand, for a message that shows them.
public struct SourcePlace: Hashable, Sendable {
    /// Line, counted from 1.
    public let line: Int
    /// Column, counted from 1 in characters.
    public let column: Int
    /// Characters to mark, at least 1, on that line.
    public let length: Int
    /// The line's text.
    public let text: String

    /// Finds the place of UTF-8 offsets in a source.
    public init(_ range: Range<Int>, in source: String) {
        let bytes = Array(source.utf8)
        let start = min(range.lowerBound, bytes.count)
        let lineStart = bytes[..<start].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        let lineEnd = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
        line = bytes[..<start].reduce(1) { $0 + ($1 == 0x0A ? 1 : 0) }
        column = String(decoding: bytes[lineStart..<start], as: UTF8.self).count + 1
        let end = max(start, min(range.upperBound, lineEnd))
        length = max(1, String(decoding: bytes[start..<end], as: UTF8.self).count)
        text = String(decoding: bytes[lineStart..<lineEnd], as: UTF8.self)
    }
}

/// Finding one text in another by UTF-8 bytes, in time that grows with both, never with their product.
struct TextSearch: Sendable {
    private let needle: [UInt8]
    /// For each length of a match so far, how much of it still stands after a mismatch (Knuth, Morris, Pratt).
    private let fallback: [Int]

    init(_ needle: some Sequence<UInt8>) {
        let needle = Array(needle)
        var fallback = [0]
        var length = 0
        for byte in needle.dropFirst() {
            while length > 0, needle[length] != byte { length = fallback[length - 1] }
            if needle[length] == byte { length += 1 }
            fallback.append(length)
        }
        self.needle = needle
        self.fallback = fallback
    }

    /// Where the text first begins at or after `start`; nil where it does not.
    func first(in haystack: [UInt8], from start: Int = 0) -> Int? {
        guard !needle.isEmpty else { return start }
        var length = 0
        var position = start
        while position < haystack.count {
            let byte = haystack[position]
            while length > 0, needle[length] != byte { length = fallback[length - 1] }
            if needle[length] == byte { length += 1 }
            position += 1
            if length == needle.count { return position - length }
        }
        return nil
    }

    /// Where it begins without overlap, at most `limit` times.
    func all(in haystack: [UInt8], limit: Int = .max) -> [Int] {
        var places: [Int] = []
        var start = 0
        while places.count < limit, let place = first(in: haystack, from: start) {
            places.append(place)
            start = place + needle.count
        }
        return places
    }

    /// Where it begins last, at a place that `isAllowed`; overlaps count.
    func last(in haystack: [UInt8], upTo end: Int) -> Int? {
        guard !needle.isEmpty else { return end }
        var found: Int?
        var length = 0
        for (position, byte) in haystack.enumerated() {
            while length > 0, length == needle.count || needle[length] != byte {
                length = fallback[length - 1]
            }
            if needle[length] == byte { length += 1 }
            if length == needle.count {
                let place = position + 1 - length
                if place > end { break }
                found = place
            }
        }
        return found
    }
}

/// Characters (code points) of a text, and their places among its bytes.
struct Characters {
    let bytes: [UInt8]

    init(_ text: String) { bytes = Array(text.utf8) }

    private static func begins(_ byte: UInt8) -> Bool { byte & 0xC0 != 0x80 }

    /// How many there are.
    var count: Int { bytes.reduce(0) { $0 + (Self.begins($1) ? 1 : 0) } }

    /// The byte where a character begins; for the count itself the end; nil beyond.
    func place(of index: Int64) -> Int? {
        guard index >= 0 else { return nil }
        var left = index
        for (place, byte) in bytes.enumerated() where Self.begins(byte) {
            if left == 0 { return place }
            left -= 1
        }
        return left == 0 ? bytes.count : nil
    }

    /// How many characters stand before a byte.
    func index(ofPlace place: Int) -> Int64 {
        Int64(bytes[..<place].reduce(0) { $0 + (Self.begins($1) ? 1 : 0) })
    }

    /// The text of some of its bytes.
    func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
}

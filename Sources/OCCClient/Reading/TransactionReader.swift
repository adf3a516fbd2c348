public import Transactions

/// Reads transaction rows from JSON that arrives in chunks of any size.
///
/// Takes a bare array, or the envelope `{"success":true,"data":[...],"error":null}` (API document,
/// trap 17). Nothing it gave may be used before `finish()` returned: only then the answer was whole.
public struct TransactionReader {
    /// Why the bytes are no answer.
    public struct Problem: Error, CustomStringConvertible {
        /// What is wrong.
        public let description: String
        /// The kind of problem.
        public let kind: Kind

        /// The kinds of problems.
        public enum Kind: Sendable {
            /// The bytes are not what the API document describes.
            case notUnderstood
            /// The envelope tells of an error, in the API's own words.
            case refused
            /// Right as far as it goes.
            case cutOff
        }

        init(_ description: String, _ kind: Kind = .notUnderstood) {
            self.description = description
            self.kind = kind
        }
    }

    private enum State { case start, envelope, beforeRow, afterRow, afterEnvelope, end }

    private let feed: Feed
    private let contractNumber: String?
    private let parser: RowParser
    private var scanner: RowScanner
    private let scans: Bool
    private let largestRow: Int
    private var buffer: [UInt8] = []
    /// How much of the buffer holds bytes; what is behind it is room.
    private var filled = 0
    private var position = 0
    /// No step is worth trying before so many bytes are there.
    private var needed = 0
    private var offset = 0
    private var state = State.start
    private var isEnvelope = false
    private var hasData = false
    private var rows = 0
    private var members: [(key: [UInt8], value: JSONValue)] = []
    private var isFirst = true

    /// Begins an answer.
    ///
    /// - Parameters:
    ///   - feed: what the rows are.
    ///   - contractNumber: the contract asked for.
    ///   - acceptsContractNumber: whether a row may bring its own, as files for `render` do.
    ///   - largestRow: the most bytes a row may have.
    public init(
        feed: Feed,
        contractNumber: String?,
        acceptsContractNumber: Bool = false,
        largestRow: Int = 1 << 20
    ) {
        self.init(
            feed: feed,
            contractNumber: contractNumber,
            acceptsContractNumber: acceptsContractNumber,
            largestRow: largestRow,
            scans: true
        )
    }

    /// `scans`: whether rows of the usual form take the short way; tests compare both.
    init(
        feed: Feed,
        contractNumber: String?,
        acceptsContractNumber: Bool,
        largestRow: Int,
        scans: Bool
    ) {
        self.feed = feed
        self.contractNumber = contractNumber
        self.scans = scans
        scanner = RowScanner(
            feed: feed,
            contractNumber: contractNumber,
            acceptsContractNumber: acceptsContractNumber
        )
        parser = RowParser(
            feed: feed,
            contractNumber: contractNumber,
            acceptsContractNumber: acceptsContractNumber
        )
        self.largestRow = largestRow
    }

    /// What takes rows: the row's place in the answer, the row and the bytes it stands in, or what
    /// became of one that is not of the usual form; false to stop.
    typealias Taking = (Int, borrowing ScannedRow, Span<UInt8>, ReadRow?) -> Bool

    /// Takes the next bytes and emits the rows that are complete with them.
    ///
    /// - Throws: `Problem` when this can no longer become an answer.
    public mutating func consume(_ chunk: some Collection<UInt8>, _ emit: (ReadRow) -> Void)
        throws(Problem)
    {
        makeRoom(chunk.count)
        buffer.replaceSubrange(filled..<filled + chunk.count, with: chunk)
        filled += chunk.count
        try stepOn { Self.emit($1, $2, $3, emit) }
    }

    /// Ends the answer; returns how many rows it had.
    ///
    /// - Throws: `Problem` when it was cut off, or its envelope tells of an error.
    public mutating func finish(_ emit: (ReadRow) -> Void) throws(Problem) -> Int {
        try end { Self.emit($1, $2, $3, emit) }
    }

    private static func emit(
        _ row: borrowing ScannedRow,
        _ bytes: Span<UInt8>,
        _ parsed: ReadRow?,
        _ emit: (ReadRow) -> Void
    ) -> Bool {
        emit(parsed ?? .transaction(row.transaction(bytes), warnings: []))
        return true
    }

    /// Makes room for `count` bytes behind those that are there, and for what the scanner needs behind them.
    mutating func makeRoom(_ count: Int) {
        let missing = filled + count + ScannedText.padding - buffer.count
        guard missing > 0 else { return }
        buffer.append(contentsOf: repeatElement(0, count: missing))
    }

    /// Takes as many bytes as `read` puts into the room it is given, and says how many.
    ///
    /// The bytes are read to where they are scanned: a copy on the way costs a tenth of the scan.
    mutating func take(
        upTo count: Int,
        _ read: (UnsafeMutableRawBufferPointer) throws -> Int
    ) throws -> Int {
        makeRoom(count)
        let range = filled..<filled + count
        let taken = try unsafe buffer.withUnsafeMutableBytes { all in
            try unsafe read(UnsafeMutableRawBufferPointer(rebasing: all[range]))
        }
        filled += taken
        return taken
    }

    /// Emits the rows that are complete.
    mutating func stepOn(_ take: Taking) throws(Problem) {
        guard filled >= needed else { return }
        try steps(take)
        let rest = filled - position
        if position > 0 {
            for index in 0..<rest { buffer[index] = buffer[position + index] }
            offset += position
            position = 0
            filled = rest
        }
        // What is left is part of one row: read again only when it has grown by a quarter, so that
        // small chunks of a large row do not cost its square.
        needed = filled + min(filled / 4, max(0, largestRow - filled)) + 1
    }

    /// Emits what is left; returns how many rows there were.
    mutating func end(_ take: Taking) throws(Problem) -> Int {
        try steps(take)
        guard state == .end, position == filled else {
            if offset == 0, state == .start, buffer[..<filled].allSatisfy({ $0 <= 0x20 }) {
                throw Problem("the answer is empty")
            }
            throw Problem("the answer is cut off after \(offset + filled) bytes", .cutOff)
        }
        if isEnvelope { try checkEnvelope() }
        return rows
    }

    private mutating func steps(_ take: Taking) throws(Problem) {
        makeRoom(0)
        for index in filled..<filled + ScannedText.padding { buffer[index] = 0 }
        // References of their own for all rows: a span of `self.buffer` would hold all of `self`.
        let (bytes, names) = (buffer, scanner.names)
        while try step(bytes.span, names.span, take) {}
    }

    /// RFC 8259, section 2: these four and no other.
    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    }

    private func problem(_ message: String) -> Problem {
        Problem("\(message) (at byte \(offset + position))")
    }

    /// Goes on by one row or sign; false when more bytes are needed.
    private mutating func step(
        _ bytes: Span<UInt8>,
        _ names: Span<RowKey>,
        _ take: Taking
    ) throws(Problem) -> Bool {
        while position < filled, Self.isBlank(bytes[position]) { position += 1 }
        guard position < filled else { return false }
        let byte = bytes[position]
        switch (state, byte) {
        case (.start, 0x5B):
            state = .beforeRow
            isFirst = true
        case (.start, 0x7B):
            isEnvelope = true
            state = .envelope
            isFirst = true
        case (.start, 0x3C): throw problem("the answer is HTML or XML, not JSON")
        case (.start, _): throw problem("the answer is no JSON list")
        case (.beforeRow, 0x5D) where isFirst:
            state = isEnvelope ? .afterEnvelope : .end
        case (.beforeRow, _): return try row(bytes, names, take)
        case (.afterRow, 0x2C): state = .beforeRow
        case (.afterRow, 0x5D): state = isEnvelope ? .afterEnvelope : .end
        case (.afterRow, _): throw problem("the list lacks ',' or ']'")
        case (.envelope, 0x7D) where isFirst: state = .end
        case (.envelope, 0x22): return try member()
        case (.envelope, _): throw problem("the answer is no JSON list and no envelope")
        case (.afterEnvelope, 0x2C):
            state = .envelope
            isFirst = false
        case (.afterEnvelope, 0x7D): state = .end
        case (.afterEnvelope, _): throw problem("the envelope lacks ',' or '}'")
        case (.end, _): throw problem("something follows the answer")
        }
        position += 1
        return true
    }

    private mutating func row(
        _ bytes: Span<UInt8>,
        _ names: Span<RowKey>,
        _ take: Taking
    ) throws(Problem) -> Bool {
        if scans, bytes[position] == 0x7B, let end = scanned(bytes, names) {
            guard end - position <= largestRow else { throw tooLarge }
            rows += 1
            let goesOn = take(offset + position, scanner.row, bytes, nil)
            return advance(to: end) && goesOn
        }
        guard let end = try valueEnd(from: position) else { return false }
        let value: JSONValue
        do throws(JSONProblem) {
            value = try JSONCursor.value(of: buffer[position..<end])
        } catch {
            throw problem("row \(rows + 1) is no strict JSON: \(error.message)")
        }
        guard case .object(let entries) = value else {
            throw problem("row \(rows + 1) is no object")
        }
        rows += 1
        let parsed = parser.read(entries, position: rows)
        let goesOn = take(offset + position, scanner.row, bytes, parsed)
        return advance(to: end) && goesOn
    }

    /// Where the row at the position ends, if it is whole and of the usual form.
    private mutating func scanned(_ bytes: Span<UInt8>, _ names: Span<RowKey>) -> Int? {
        do throws(RowScanner.Odd) {
            return try scanner.scan(bytes, from: position, names)
        } catch {
            // Nothing is lost: `RowParser` reads it again and knows what is wrong.
            return nil
        }
    }

    private mutating func advance(to end: Int) -> Bool {
        position = end
        isFirst = false
        state = .afterRow
        return true
    }

    private var tooLarge: Problem { problem("a row has more than \(largestRow) bytes") }

    /// One key of the envelope with its value; the list under `data` is read row by row.
    private mutating func member() throws(Problem) -> Bool {
        guard let keyEnd = try valueEnd(from: position) else { return false }
        var colon = keyEnd
        while colon < filled, Self.isBlank(buffer[colon]) { colon += 1 }
        var start = colon + 1
        while start < filled, Self.isBlank(buffer[start]) { start += 1 }
        guard start < filled else { return false }
        guard buffer[colon] == 0x3A else { throw problem("a key lacks ':'") }
        guard case .string(let text) = try strict(position..<keyEnd) else { return false }
        let isData = text == Array("data".utf8)
        guard !members.contains(where: { $0.key == text }), !(isData && hasData) else {
            let name = String(decoding: text.prefix(40), as: UTF8.self)
            throw problem("the envelope's key '\(printable(name))' stands twice")
        }
        guard members.count < 32 else { throw problem("the envelope has more than 32 keys") }
        if isData, buffer[start] == 0x5B {
            hasData = true
            position = start + 1
            state = .beforeRow
            isFirst = true
            return true
        }
        guard let end = try valueEnd(from: start) else { return false }
        members.append((text, try strict(start..<end)))
        position = end
        state = .afterEnvelope
        return true
    }

    private func strict(_ range: Range<Int>) throws(Problem) -> JSONValue {
        do throws(JSONProblem) {
            return try JSONCursor.value(of: buffer[range])
        } catch {
            throw problem("the envelope is no strict JSON: \(error.message)")
        }
    }

    private func checkEnvelope() throws(Problem) {
        if let problem = Envelope(members).problem { throw problem }
        guard hasData else { throw Problem("the envelope has no list under 'data'") }
    }

    /// Where the value that begins at `start` ends; nil while it is incomplete.
    private func valueEnd(from start: Int) throws(Problem) -> Int? {
        var depth = 0
        var isText = false
        var index = start
        while index < filled {
            guard index - start < largestRow else { throw tooLarge }
            let byte = buffer[index]
            index += 1
            if isText {
                if byte == 0x5C { index += 1 } else if byte == 0x22 { isText = false }
                if !isText, depth == 0 { return index }
                continue
            }
            switch byte {
            case 0x22: isText = true
            case 0x7B, 0x5B: depth += 1
            case 0x7D, 0x5D:
                if depth == 0 { return index - 1 }
                depth -= 1
                if depth == 0 { return index }
            case 0x2C where depth == 0: return index - 1
            default: break
            }
        }
        return nil
    }
}

internal import FlyingFox
internal import FlyingSocks
internal import Foundation

/// A fault that the next matching requests meet; the keys are those of `/sandbox/faults`.
///
/// Without `status`, `body`, `html`, `redirect`, `size`, `numbers` and `compressed` the right answer is made, and
/// the rest of the fault befalls it.
struct SandboxFault: Codable, Sendable {
    /// `ContractTransactions`; nil for any operation.
    var operation: String?
    /// Text that the target or body must hold, such as a contract number.
    var contains: String?
    /// How many requests it meets; 1 if not said.
    var times: Int?
    /// The status of the answer.
    var status: Int?
    /// The body in place of the right one.
    var body: String?
    /// Headers added or replaced.
    var headers: [String: String]?
    /// Only so many bytes of the body are sent, then the connection ends.
    var cutAfter: Int?
    /// The connection ends behind the head.
    var drop: Bool?
    /// Milliseconds before the answer.
    var delay: Int?
    /// Seconds that the Date header is off.
    var skew: Int?
    /// A row, as JSON text, put before the right ones.
    var row: String?
    /// An HTML page, with status 200 unless one is given.
    var html: Bool?
    /// A redirect to this address, with status 302 unless one is given.
    var redirect: String?
    /// A body of so many bytes: a list that never gets to a row.
    var size: Int?
    /// A list of so many contract numbers.
    var numbers: Int?
    /// A body compressed by gzip, said to be so.
    var compressed: Bool?
    /// Bytes at a time.
    var drip: Int?
    /// Milliseconds between them.
    var every: Int?

    /// The answer that stands in for the right one; nil where the right one is made.
    func replacement() -> (status: Int, type: String, body: SandboxBody, headers: [String: String])?
    {
        if html == true {
            let page = "<html><head><title>Sign in</title></head><body>Sign in</body></html>"
            return (status ?? 200, "text/html; charset=utf-8", .init(body ?? page), [:])
        }
        if let redirect { return (status ?? 302, "text/html", .init(""), ["Location": redirect]) }
        if let size { return (status ?? 200, "application/json", .init(blanks: size), [:]) }
        if let numbers { return (status ?? 200, "application/json", .init(numbers: numbers), [:]) }
        if compressed == true {
            // gzip of "[]".
            let bytes: [UInt8] = [
                0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x03, 0x8B, 0x8E, 0x05, 0x00,
                0x29, 0xBB, 0x4C, 0x0D, 0x02, 0x00, 0x00, 0x00,
            ]
            return (
                status ?? 200, "application/json", .init(bytes: bytes),
                ["Content-Encoding": "gzip"]
            )
        }
        guard status != nil || body != nil else { return nil }
        return (status ?? 200, "application/json", .init(body ?? ""), [:])
    }
}

/// A body that is made as it goes out, and what befalls it on the way.
struct SandboxBody: AsyncBufferedSequence, Sendable {
    typealias Element = UInt8

    /// Makes the next bytes; nil at the end.
    typealias Source = @Sendable (_ step: Int) -> [UInt8]?

    /// Its length, if it is known before it is made.
    var count: Int?
    var source: Source
    /// After so many bytes the connection ends.
    var cutAfter: Int?
    var drip: Int?
    var every = 0

    init(count: Int?, source: @escaping Source) {
        self.count = count
        self.source = source
    }

    init(bytes: [UInt8]) { self.init(count: bytes.count) { $0 == 0 ? bytes : nil } }

    init(_ text: String) { self.init(bytes: Array(text.utf8)) }

    /// An opening bracket and blanks.
    init(blanks: Int) {
        let piece = 65_536
        self.init(count: blanks) { step in
            let left = blanks - step * piece
            guard left > 0 else { return nil }
            var bytes = [UInt8](repeating: 0x20, count: Swift.min(left, piece))
            if step == 0 { bytes[0] = 0x5B }
            return bytes
        }
    }

    /// A list of contract numbers, from 10000001 on, so that its length is known.
    init(numbers: Int) {
        let piece = 4_096
        self.init(count: Swift.max(2, numbers * 11 + 1)) { step in
            let first = step * piece
            guard first < numbers else {
                return first == 0 && step == 0 ? Array("[]".utf8) : nil
            }
            let last = Swift.min(numbers, first + piece)
            let list = (first..<last).map { "\"\(10_000_001 + $0)\"" }.joined(separator: ",")
            return Array(((step == 0 ? "[" : ",") + list + (last == numbers ? "]" : "")).utf8)
        }
    }

    struct Iterator: AsyncBufferedIteratorProtocol {
        let body: SandboxBody
        var step = 0
        var rest: ArraySlice<UInt8> = []
        var sent = 0

        mutating func next() async throws -> UInt8? {
            try await nextBuffer(suggested: 1)?.first
        }

        mutating func nextBuffer(suggested count: Int) async throws -> ArraySlice<UInt8>? {
            while rest.isEmpty {
                guard let made = body.source(step) else {
                    if body.cutAfter != nil { throw CutShort() }
                    return nil
                }
                step += 1
                rest = made[...]
            }
            var most = count
            if let drip = body.drip {
                if sent > 0, body.every > 0 {
                    try await Task.sleep(for: .milliseconds(body.every))
                }
                most = Swift.min(most, Swift.max(1, drip))
            }
            if let cut = body.cutAfter {
                guard sent < cut else { throw CutShort() }
                most = Swift.min(most, cut - sent)
            }
            let part = rest.prefix(most)
            rest = rest.dropFirst(most)
            sent += part.count
            return part
        }
    }

    func makeAsyncIterator() -> Iterator { Iterator(body: self) }
}

/// Ends a connection in the middle of a body.
struct CutShort: Error {}

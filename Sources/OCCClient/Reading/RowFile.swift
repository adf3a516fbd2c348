internal import Glibc
internal import Synchronization
public import Transactions

/// A file with an answer's rows, read as a stream as often as needed, and row by row at their places.
///
/// A row's place is the byte where it begins, so nothing is kept of rows. What cannot be read twice,
/// a pipe, goes to an unnamed file first.
public final class RowFile: Sendable {
    /// Why a file gives no rows.
    public struct Failure: Error, CustomStringConvertible {
        /// What is wrong, with the file's name.
        public let description: String
    }

    private let path: String
    private let feed: Feed
    private let contractNumber: String?
    private let descriptor: CInt
    private let single: Mutex<SingleRow>
    /// Bytes that one row of nearly all will be in.
    private let likely = Atomic(1 << 10)

    /// Bytes read at once: 256 KiB stay in the second cache of the processor.
    private static let chunk = 1 << 18

    /// Opens a file of rows.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - feed: what the rows are.
    ///   - contractNumber: the contract of rows that bring none of their own.
    /// - Throws: `Failure` when it cannot be read.
    public init(path: String, feed: Feed, contractNumber: String?) throws(Failure) {
        self.path = path
        self.feed = feed
        self.contractNumber = contractNumber
        let opened = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard opened >= 0 else {
            throw Failure(
                description: "\(path): cannot be read; is it there, and may this user read it?"
            )
        }
        descriptor = lseek(opened, 0, SEEK_CUR) < 0 ? try Self.spooled(opened, path) : opened
        single = Mutex(SingleRow(feed: feed, contractNumber: contractNumber))
    }

    deinit { _ = close(descriptor) }

    private static func failure(_ path: String) -> Failure {
        Failure(description: "\(path): cannot be read: \(unsafe String(cString: strerror(errno)))")
    }

    /// The contents of a pipe in a file without a name.
    private static func spooled(_ pipe: CInt, _ path: String) throws(Failure) -> CInt {
        defer { _ = close(pipe) }
        let folder = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
        var name = Array("\(folder)/occ-export.XXXXXX".utf8CString)
        let file = unsafe mkstemp(&name)
        guard file >= 0 else { throw failure(folder) }
        _ = unsafe unlink(name)
        var buffer = [UInt8](repeating: 0, count: chunk)
        while true {
            let count = unsafe Glibc.read(pipe, &buffer, chunk)
            if count < 0, errno == EINTR { continue }
            if count == 0 { return file }
            guard count > 0, unsafe write(file, buffer, count) == count else {
                let failure = failure(path)
                _ = close(file)
                throw failure
            }
        }
    }

    /// Bytes from a place on; fewer than asked for at the end.
    private func read(_ room: UnsafeMutableRawBufferPointer, at place: Int) throws -> Int {
        while true {
            let count = unsafe pread(descriptor, room.baseAddress, room.count, place)
            if count >= 0 { return count }
            guard errno == EINTR else { throw Self.failure(path) }
        }
    }

    /// Visits all rows in order: the row's place, the row and the bytes that its texts stand in.
    ///
    /// - Parameters:
    ///   - rejected: what is set aside.
    ///   - body: takes a row.
    /// - Throws: `Failure` when the file is no whole answer, only then known; what `body` throws.
    public func visit(
        rejected: (RejectedRow) -> Void,
        _ body: (Int, borrowing ScannedRow, Span<UInt8>) throws -> Void
    ) throws {
        var reader = TransactionReader(
            feed: feed,
            contractNumber: contractNumber,
            acceptsContractNumber: true
        )
        var stop: (any Error)?
        var own = ScannedRow(feed: feed)
        let take: TransactionReader.Taking = { position, row, bytes, parsed in
            do {
                switch parsed {
                case nil: try body(position, row, bytes)
                case .transaction(let transaction, _)?:
                    own.load(transaction)
                    try body(position, own, transaction.record.span)
                case .rejected(let row)?: rejected(row)
                }
                return true
            } catch {
                stop = error
                return false
            }
        }
        var place = 0
        do {
            while true {
                let count = try unsafe reader.take(upTo: Self.chunk) { room in
                    try unsafe read(room, at: place)
                }
                guard count > 0 else { break }
                place += count
                try reader.stepOn(take)
                if let stop { throw stop }
            }
            _ = try reader.end(take)
            if let stop { throw stop }
        } catch let problem as TransactionReader.Problem {
            throw Failure(description: "\(path): \(problem)")
        }
    }

    /// Reads the row at a place that `visit` gave; its texts stand in `bytes` from `start` on.
    ///
    /// So many bytes as are returned belong to it. What is before them stays, what is behind is nobody's.
    ///
    /// - Throws: `Failure` when there is none any more.
    public func read(
        at place: Int,
        _ row: inout ScannedRow,
        _ bytes: inout [UInt8],
        from start: Int = 0
    ) throws -> Int {
        var count = 0
        // One row as long as those before, then ever more. Rows lie far apart in the page cache, so each
        // byte that is not read counts (1 KiB for each: a fiftieth of job C, Swift 6.3).
        for most in [likely.load(ordering: .relaxed), 1 << 14, 1 << 18, (1 << 20) + 64] {
            let end = start + most + ScannedText.padding
            if bytes.count < end {
                bytes.append(contentsOf: repeatElement(0, count: end - bytes.count))
            }
            count = try unsafe bytes.withUnsafeMutableBytes { all in
                let room = unsafe UnsafeMutableRawBufferPointer(rebasing: all[start..<start + most])
                let count = try unsafe read(room, at: place)
                let behind = start + count..<start + count + ScannedText.padding
                unsafe UnsafeMutableRawBufferPointer(rebasing: all[behind])
                    .initializeMemory(as: UInt8.self, repeating: 0)
                return count
            }
            let found = single.withLock { single in
                let found = single.find(in: bytes.span.extracting(droppingFirst: start), &row)
                if let longest = single.longest(with: found) {
                    likely.store(longest + longest / 16, ordering: .relaxed)
                }
                return found
            }
            if let found { return found }
            guard count == most else { break }
        }
        guard let transaction = single.withLock({ $0.parse(bytes[start..<start + count]) }) else {
            throw Failure(description: "\(path): has changed while it was read")
        }
        row.load(transaction)
        bytes.replaceSubrange(start..., with: transaction.record)
        return transaction.record.count
    }
}

/// Reads one row by itself.
private struct SingleRow {
    private var scanner: RowScanner
    private let parser: RowParser
    private var rows = 0
    private var longest = 0

    init(feed: Feed, contractNumber: String?) {
        scanner = RowScanner(
            feed: feed,
            contractNumber: contractNumber,
            acceptsContractNumber: true
        )
        parser = RowParser(feed: feed, contractNumber: contractNumber, acceptsContractNumber: true)
    }

    /// Where a row of the usual form at the start of bytes ends, behind which the scanner's zeros are; nil
    /// when there is none.
    mutating func find(in bytes: Span<UInt8>, _ row: inout ScannedRow) -> Int? {
        guard bytes[0] == 0x7B else { return nil }
        do throws(RowScanner.Odd) {
            let names = scanner.names
            let end = try scanner.scan(bytes, from: 0, names.span)
            row = scanner.row
            return end
        } catch {
            // Nothing is lost: the caller parses it.
            return nil
        }
    }

    /// The length of the longest of some hundred rows, once they were found.
    mutating func longest(with length: Int?) -> Int? {
        guard let length else { return nil }
        longest = max(longest, length)
        rows += 1
        guard rows == 512 else { return nil }
        defer { (rows, longest) = (0, 0) }
        return longest
    }

    /// A row of any form at the start of bytes.
    func parse(_ bytes: ArraySlice<UInt8>) -> Transaction? {
        do throws(JSONProblem) {
            guard case .object(let entries) = try JSONCursor.first(of: bytes),
                case .transaction(let transaction, _) = parser.read(entries, position: 1)
            else { return nil }
            return transaction
        } catch {
            // The caller says that the file has changed: this row was read before.
            return nil
        }
    }
}

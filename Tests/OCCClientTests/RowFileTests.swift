import Foundation
import TestSupport
import Testing
import Transactions

@testable import OCCClient

/// A file of rows is read as a stream, again as often as asked, and row by row at its places.
struct `A file of rows` {
    private func visited(_ file: RowFile) throws -> (
        rows: [(place: Int, transaction: Transaction)], rejected: [RejectedRow]
    ) {
        var rows: [(place: Int, transaction: Transaction)] = []
        var rejected: [RejectedRow] = []
        try file.visit(
            rejected: { rejected.append($0) },
            { place, row, bytes in rows.append((place, row.transaction(bytes))) }
        )
        return (rows, rejected)
    }

    private func file(_ folder: String, _ text: String) throws -> RowFile {
        try text.write(toFile: "\(folder)/rows.json", atomically: true, encoding: .utf8)
        return try RowFile(
            path: "\(folder)/rows.json",
            feed: .contractTransactions,
            contractNumber: "22297"
        )
    }

    @Test func `gives each row again at its place, usual or odd`() async throws {
        try await withTemporaryDirectory { folder in
            let long = row(3, ",\"unknown\":\"\(String(repeating: "x", count: 70_000))\"")
            let odd = row(4, ",\"netAmount\":\"1.5\",\"contractNumber\":\"7\"")
            let escaped = row(5, #","driverName":"J\u00fcri""#)
            let bad = #"{"transactionId":"6"}"#
            let rows = ReaderTexts.full + [row(2), long, odd, escaped, bad, row(7)]
            let file = try file(folder, "[\(rows.joined(separator: " ,\n"))]")
            let first = try visited(file)
            #expect(first.rejected.map(\.transactionId) == ["6"])
            #expect(first.rows.count == rows.count - 1)
            let second = try visited(file)
            #expect(second.rows.map(\.transaction) == first.rows.map(\.transaction))
            var found = ScannedRow(feed: .contractTransactions)
            var bytes: [UInt8] = []
            for (place, transaction) in first.rows.reversed() {
                _ = try file.read(at: place, &found, &bytes)
                #expect(found.transaction(bytes.span) == transaction)
            }
        }
    }

    @Test func `gives rows one behind the other, though one is longer than all before`()
        async throws
    {
        try await withTemporaryDirectory { folder in
            let long = row(2_000, #","driverName":"\#(String(repeating: "x", count: 3_000))""#)
            let odd = row(2_001, ",\"netAmount\":\"1.5\",\"contractNumber\":\"7\"")
            let rows = (1...1_200).map { row($0) } + [long, odd] + (2_002...2_010).map { row($0) }
            let file = try file(folder, "[\(rows.joined(separator: ","))]")
            let first = try visited(file)
            var found = [ScannedRow](
                repeating: ScannedRow(feed: .contractTransactions),
                count: rows.count
            )
            var bytes: [UInt8] = []
            var starts = [0]
            for (index, (place, _)) in first.rows.enumerated() {
                let start = starts[index]
                starts.append(
                    start + (try file.read(at: place, &found[index], &bytes, from: start))
                )
            }
            let again = found.indices.map { index in
                found[index].transaction(
                    bytes.span.extracting(starts[index]..<starts[index + 1])
                )
            }
            #expect(again == first.rows.map(\.transaction))
            #expect(again.count == rows.count)
        }
    }

    @Test func `reads a pipe as often as a file`() async throws {
        try await withTemporaryDirectory { folder in
            let pipe = "\(folder)/pipe"
            #expect(unsafe mkfifo(pipe, 0o600) == 0)
            let text = "[\((1...2_000).map { row($0) }.joined(separator: ","))]"
            let writer = Task.detached {
                try text.write(to: URL(fileURLWithPath: pipe), atomically: false, encoding: .utf8)
            }
            let file = try RowFile(path: pipe, feed: .contractTransactions, contractNumber: nil)
            #expect(try visited(file).rows.count == 2_000)
            #expect(try visited(file).rows.count == 2_000)
            try await writer.value
        }
    }

    @Test(arguments: [
        ("[{\"transactionId\":1", "is cut off after"), ("{}x", "something follows the answer"),
        ("", "the answer is empty"), ("[{\"a\":1,\"a\":2}]", "key 'a' stands twice"),
    ])
    func `that is no whole answer says so, with its name`(_ text: String, _ problem: String)
        async throws
    {
        try await withTemporaryDirectory { folder in
            let file = try file(folder, text)
            let failure = try #require(throws: RowFile.Failure.self) { try visited(file) }
            #expect(failure.description.contains(problem), "\(failure)")
            #expect(failure.description.hasPrefix("\(folder)/rows.json: "), "\(failure)")
        }
    }

    @Test func `what the body throws ends the visit`() async throws {
        struct Enough: Error {}
        try await withTemporaryDirectory { folder in
            let file = try file(folder, "[\(row(1)),\(row(2))]")
            var seen = 0
            #expect(throws: Enough.self) {
                try file.visit(
                    rejected: { _ in },
                    { _, _, _ in
                        seen += 1
                        throw Enough()
                    }
                )
            }
            #expect(seen == 1)
        }
    }
}

/// Rows of the reader's tests.
enum ReaderTexts {
    static let full = [`The reader`.full]
}

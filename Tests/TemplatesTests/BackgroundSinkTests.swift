import Foundation
import TestSupport
import Testing
import Transactions

@testable import Templates

/// Writes to memory, and notes which thread did.
private struct MadeSink: FileSink {
    struct Full: Error, Equatable { let file: String }

    var contents: [String: [UInt8]] = [:]
    var ended: [String] = []
    var restarts = 0
    var threads: Set<UInt> = []
    /// Bytes that fit before it fails.
    var room = Int.max
    private var name = ""

    init(room: Int = .max) { self.room = room }

    mutating func begin(_ name: String) {
        self.name = name
        contents[name] = []
        threads.insert(UInt(pthread_self()))
    }

    mutating func write(_ bytes: [UInt8]) throws {
        room -= bytes.count
        guard room >= 0 else { throw Full(file: name) }
        contents[name]?.append(contentsOf: bytes)
        threads.insert(UInt(pthread_self()))
    }

    mutating func end() { ended.append(name) }

    mutating func restart() {
        contents = [:]
        ended = []
        restarts += 1
    }
}

struct `A sink in the background` {
    /// Bytes that tell their file and place.
    private func bytes(_ count: Int, _ seed: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: ($0 &* 31 &+ seed) >> 3) }
    }

    /// Writes a file in pieces.
    private func write(
        _ name: String,
        _ pieces: [[UInt8]],
        to sink: inout BackgroundSink<MadeSink>
    ) throws {
        try sink.begin(name)
        for piece in pieces {
            var piece = piece
            try sink.write(&piece)
            #expect(piece.isEmpty)
        }
        try sink.end()
    }

    @Test func `starts no thread for less than a megabyte`() throws {
        var sink = BackgroundSink(MadeSink())
        try write("a", [bytes(1 << 19, 1), bytes((1 << 19) - 1, 2)], to: &sink)
        try sink.finish()
        #expect(sink.takeBack().threads == [UInt(pthread_self())])
    }

    @Test func `writes many files of all sizes as the sink alone would`() throws {
        var generator = SystemRandomNumberGenerator()
        var alone = MadeSink()
        var sink = BackgroundSink(MadeSink())
        for number in 0..<400 {
            let pieces = (0..<number % 3).map { part in
                let most = [1, 500, 70_000, 300_000][(number + part) % 4]
                return bytes(Int.random(in: 0...most, using: &generator), number)
            }
            alone.begin("\(number)")
            for piece in pieces { try alone.write(piece) }
            alone.end()
            try write("\(number)", pieces, to: &sink)
        }
        try sink.finish()
        let found = sink.takeBack()
        #expect(found.contents == alone.contents)
        #expect(found.ended == alone.ended)
        #expect(found.threads.count > 1)
    }

    @Test func `packs as the sink alone would`() throws {
        var alone = PackagingSink(MadeSink())
        var sink = BackgroundSink(MadeSink())
        try alone.beginPackage("all.zip")
        try sink.beginPackage("all.zip")
        for number in 0..<12 {
            let content = bytes(200_000, number)
            try alone.begin("\(number)")
            try alone.write(content)
            try alone.end()
            try write("\(number)", [content], to: &sink)
        }
        try alone.endPackage()
        try sink.endPackage()
        try sink.finish()
        #expect(sink.takeBack().contents == alone.inner.contents)
    }

    @Test(arguments: [1_500_000, 3_000_000])
    func `tells what went wrong, once, and writes nothing after it`(_ room: Int) throws {
        var sink = BackgroundSink(MadeSink(room: room))
        #expect(throws: MadeSink.Full(file: "a")) {
            // Far more than is under way at once: the failure must come up before the end.
            try write("a", (0..<100).map { bytes(1 << 18, $0) }, to: &sink)
        }
        let found = sink.takeBack()
        #expect(found.contents["a"]?.count == (room >> 18) << 18)
        #expect(found.ended.isEmpty)
    }

    @Test func `tells at the end what went wrong last`() throws {
        var sink = BackgroundSink(MadeSink(room: (1 << 20) + 99))
        try write("a", [bytes(1 << 20, 1), bytes(100, 2)], to: &sink)
        #expect(throws: MadeSink.Full(file: "a")) { try sink.finish() }
        #expect(sink.takeBack().ended.isEmpty)
    }

    @Test func `starts over with nothing of before, what was under way included`() throws {
        var sink = BackgroundSink(MadeSink())
        try write("a", (0..<20).map { bytes(1 << 18, $0) }, to: &sink)
        try sink.begin("b")
        try sink.restart()
        try write("c", (0..<20).map { bytes(1 << 18, $0) }, to: &sink)
        try sink.finish()
        let found = sink.takeBack()
        #expect(found.contents.keys.sorted() == ["c"])
        #expect(found.contents["c"]?.count == 20 << 18)
        #expect(found.ended == ["c"])
        #expect(found.restarts == 1)
    }

    @Test func `comes back with what it has from a rendering that fails`() async throws {
        try await withTemporaryDirectory { folder in
            let plan = try TemplateHarness.plan(
                """
                version: 1
                title: The second file fails
                feed: contract-transactions
                format: { kind: delimited }
                files:
                  - name: first.csv
                    mixed_currencies: true
                    records: [{ for_each: transactions, fields: [{ value: transactionId }] }]
                  - name: second.csv
                    mixed_currencies: true
                    records: [{ fields: [{ name: count, value: 1 / (transactions.size() - 3) }] }]
                """,
                in: folder
            )
            let rows = try RowMaker.rows(3).map { SelectedTransaction($0) }
            var sink = MadeSink()
            #expect(throws: RenderingError.self) {
                _ = try plan.render(rows, batch: TemplateHarness.batch(), to: &sink)
            }
            #expect(sink.contents.keys.sorted() == ["first.csv", "second.csv"])
        }
    }
}

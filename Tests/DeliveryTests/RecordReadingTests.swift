import Delivery
import Foundation
import TestSupport
import Testing
import Transactions

/// Records in the outbox, which others can write to: read as they were written, or refused.
struct `Records` {
    private static let instant = UTCTimestamp.at("2026-11-25T03:00:00Z")

    /// The record of a batch of two rows, and its file's name.
    private static func record(_ layout: BatchEntry.Layout = .directory) async throws -> [UInt8] {
        try await Place.with { place in
            try place.record([.purchase("1"), .purchase("a\"\u{7}õ")])
            try place.publish(try place.candidates(), layout: layout)
            return try place.firstRecord()
        }
    }

    private func read(_ bytes: [UInt8], as file: String = "000001.jsonl") throws -> BatchRecord {
        try BatchRecord(bytes, path: "/outbox/.occ-export/records/\(file)")
    }

    @Test(arguments: BatchEntry.Layout.allCases)
    func `are read as they were written, in pieces of any size`(
        _ layout: BatchEntry.Layout
    ) async throws {
        let bytes = try await Self.record(layout)
        let record = try read(bytes)
        #expect(record.carried.map(\.key.transactionId) == ["1", "a\"\u{7}õ"])
        try await withTemporaryDirectory { folder in
            let path = "\(folder)/000001.jsonl"
            try record.write(to: path)
            #expect(FileManager.default.contents(atPath: path).map(Array.init) == bytes)
        }
        // A last line whose end was cut off is the same line.
        let short = try read(bytes.dropLast())
        #expect(short.batch == record.batch)
        #expect(short.carried == record.carried)
    }

    struct Lie: CustomTestStringConvertible {
        let testDescription: String
        let of: String
        let with: String
        let message: String
        var file = "000001.jsonl"
    }

    static let hash = String(repeating: "0", count: 64)
    static let lies = [
        Lie(
            testDescription: "another batch's name",
            of: #""batch":1,"#,
            with: #""batch":2,"#,
            message: "it is of batch 2"
        ),
        Lie(
            testDescription: "a number without a next one",
            of: #""batch":1,"#,
            with: #""batch":9223372036854775807,"#,
            message: "it is of batch 9223372036854775807",
            file: "9223372036854775807.jsonl"
        ),
        Lie(
            testDescription: "no number",
            of: #""batch":1,"#,
            with: #""batch":-1,"#,
            message: "it is of batch -1",
            file: "0000-1.jsonl"
        ),
        Lie(
            testDescription: "a name that leads out of the outbox",
            of: "2026-11-24_books_000001",
            with: "../2026-11-24_books_000001",
            message: "the batch's name is none"
        ),
        Lie(
            testDescription: "a name from the root on",
            of: "2026-11-24_books_000001",
            with: "/etc/x_000001",
            message: "the batch's name is none"
        ),
        Lie(
            testDescription: "a name among what is ours",
            of: "2026-11-24_books_000001",
            with: ".occ-Export/x_000001",
            message: "the batch's name is none"
        ),
        Lie(
            testDescription: "a name of another number",
            of: "2026-11-24_books_000001",
            with: "2026-11-24_books_000002",
            message: "the batch's name is none"
        ),
        Lie(
            testDescription: "a name with a control character",
            of: "2026-11-24_books_000001",
            with: "2026\\n_000001",
            message: "the batch's name is none"
        ),
        Lie(
            testDescription: "a file elsewhere",
            of: "2026-11-24_books_000001/a_1.csv",
            with: "2026-11-24_books_000001/../a_1.csv",
            message: "file 1 lies where none of a batch does"
        ),
        Lie(
            testDescription: "a file in a folder of the batch",
            of: "2026-11-24_books_000001/a_1.csv",
            with: "2026-11-24_books_000001/x/a_1.csv",
            message: "file 1 lies where none of a batch does"
        ),
        Lie(
            testDescription: "a file twice",
            of: "2026-11-24_books_000001/b_1.csv",
            with: "2026-11-24_books_000001/A_1.csv",
            message: "file 2 lies where none of a batch does"
        ),
        Lie(
            testDescription: "a negative size",
            of: #""bytes":"#,
            with: #""bytes":-"#,
            message: "file 1 is none of a batch"
        ),
        Lie(
            testDescription: "an unknown role of a file",
            of: #""role":"data""#,
            with: #""role":"date""#,
            message: "file 1 is none of a batch"
        ),
        Lie(
            testDescription: "no manifest",
            of: #""role":"manifest""#,
            with: #""role":"data""#,
            message: "its manifest is not its last file"
        ),
        Lie(
            testDescription: "two manifests",
            of: #""role":"data""#,
            with: #""role":"manifest""#,
            message: "file 1 is none of a batch"
        ),
        Lie(
            testDescription: "another manifest",
            of: #""manifest":""#,
            with: #""manifest":"0"#,
            message: "its manifest is not its last file"
        ),
        Lie(
            testDescription: "a version of none",
            of: #""original","version":1}"#,
            with: #""original","version":0}"#,
            message: "row 1 has a line or version that none has"
        ),
        Lie(
            testDescription: "a version without a next one",
            of: #""original","version":1}"#,
            with: #""original","version":9223372036854775807}"#,
            message: "row 1 has a line or version that none has"
        ),
        Lie(
            testDescription: "no id",
            of: #""id":"1""#,
            with: #""id":"""#,
            message: "row 1 has a line or version that none has"
        ),
        Lie(
            testDescription: "an unknown role of a row",
            of: #""role":"original""#,
            with: #""role":"odd""#,
            message: "row 1 is not understood"
        ),
        Lie(
            testDescription: "no hexadecimal digits",
            of: #""material":"07""#,
            with: #""material":"+7""#,
            message: "row 1 is not understood"
        ),
    ]

    @Test(arguments: lies) func `that say what cannot be true are refused`(_ lie: Lie) async throws
    {
        let text = String(decoding: try await Self.record(), as: UTF8.self)
        let bad = text.replacingOccurrences(of: lie.of, with: lie.with)
        #expect(bad != text)
        let error = #expect(throws: DeliveryError.self) { try read(Array(bad.utf8), as: lie.file) }
        #expect(error?.code == .operatorMustDecide)
        #expect(
            error?.message
                == "the record is not one that was written here: \(lie.message); bring it back from a backup of the outbox"
        )
    }

    @Test func `that are cut off, empty or of a version to come are refused`() async throws {
        let text = String(decoding: try await Self.record(), as: UTF8.self)
        let damaged = "the record is damaged; bring it back from a backup of the outbox"
        for (bad, message) in [
            ("", "the record is empty; bring it back from a backup of the outbox"),
            ("\n\n", "the record is empty; bring it back from a backup of the outbox"),
            (String(text.prefix(200)), damaged), (String(text.dropLast(9)), damaged),
            (text + "{}\n", damaged), (text.replacingOccurrences(of: "õ", with: "\u{0}"), damaged),
            (
                text.replacingOccurrences(of: #""version":1}\#n{"#, with: #""version":2}\#n{"#),
                "the record is of a version that this program does not read; take the program that wrote it, or a newer one"
            ),
        ] {
            let error = #expect(throws: DeliveryError.self) { try read(Array(bad.utf8)) }
            #expect(error?.code == .operatorMustDecide)
            #expect(error?.message == message)
        }
    }

    @Test func `that say that the batch lies elsewhere move and publish nothing`() async throws {
        try await Place.with { place in
            try place.record([.purchase("1")])
            try? place.publish(try place.candidates()) { step throws(DeliveryError) in
                if step == .staged { _ = try FileLock("/nowhere/lock", code: .outbox) }
            }
            let text = String(decoding: try place.firstRecord(), as: UTF8.self)
            let bad = text.replacingOccurrences(
                of: "2026-11-24_books_000001",
                with: "../state/2026-11-24_books_000001"
            )
            try Data(bad.utf8).write(to: URL(fileURLWithPath: place.recordFile))
            // As if its batch had gone out.
            let staged = "\(place.outbox.path)/.occ-export/staging/1"
            try FileManager.default.moveItem(atPath: staged, toPath: "\(place.folder)/away")
            let before = try FileManager.default.subpathsOfDirectory(atPath: place.folder).sorted()
            let error = #expect(throws: DeliveryError.self) {
                try Reconciliation(place.outbox, place.ledger, at: Self.instant)
            }
            #expect(error?.code == .operatorMustDecide)
            #expect(try place.ledger.batches().isEmpty)
            #expect(
                try FileManager.default.subpathsOfDirectory(atPath: place.folder).sorted() == before
            )
        }
    }

    @Test func `with a row twice leave the ledger as it was`() async throws {
        try await Place.with { place in
            try place.record([.purchase("1")])
            try place.publish(try place.candidates())
            let text = String(decoding: try place.firstRecord(), as: UTF8.self)
            let row = text.split(separator: "\n")[1]
            try Data((text + row + "\n").utf8).write(to: URL(fileURLWithPath: place.recordFile))
            try FileManager.default.removeItem(atPath: "\(place.folder)/state")
            try DurableFolder.create("\(place.folder)/state", code: .inputOutput)
            let owner = try #require(try place.outbox.owner())
            try Archive(in: "\(place.folder)/state").create()
            try Ledger.create(in: "\(place.folder)/state", id: owner, at: Self.instant)
            let new = try Place(openingIn: place.folder)
            let error = #expect(throws: DeliveryError.self) {
                try Reconciliation(new.outbox, new.ledger, at: Self.instant)
            }
            #expect(error?.code == .operatorMustDecide)
            #expect(
                error?.message
                    == "the record says that batch 1 carried transaction 1 although the same was carried before; bring it back from a backup of the outbox"
            )
            #expect(try new.ledger.batches().isEmpty)
        }
    }

    @Test func `under other names than their number's are not looked at`() async throws {
        try await Place.with { place in
            try place.record([.purchase("1")])
            try place.publish(try place.candidates())
            for name in [
                "9223372036854775807.jsonl", "+00002.jsonl", "2.jsonl", "-00002.jsonl", "0.jsonl",
                "000002.jsonl.jsonl", "x.jsonl",
            ] {
                try Data().write(
                    to: URL(fileURLWithPath: "\(place.outbox.path)/.occ-export/records/\(name)")
                )
            }
            try place.outbox.requireOwner(place.ledger)
            #expect(try Reconciliation(place.outbox, place.ledger, at: Self.instant).batches == [])
        }
    }

    @Test func `any byte of them that is changed or lost ends with a record or a refusal`()
        async throws
    {
        let good = try await Self.record()
        var (taken, refused) = (0, 0)
        func attempt(_ bytes: [UInt8]) throws {
            do throws(DeliveryError) {
                let record = try BatchRecord(bytes, path: "/records/000001.jsonl")
                taken += 1
                // What is taken stays in the outbox, whatever else was made of it.
                for path in [record.batch.name] + record.batch.files.map(\.path) {
                    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
                    #expect(!parts.contains("..") && !parts.contains(".") && !parts.contains(""))
                    #expect(parts.first != ".occ-export")
                }
                #expect(record.batch.number == 1)
            } catch {
                refused += 1
                #expect(error.code == .operatorMustDecide, "\(error)")
            }
        }
        for place in good.indices {
            for byte: UInt8 in [0x00, 0x0A, 0x22, 0x2F, 0x2E, 0x39, 0x5C, 0x7D, 0xFF] {
                var bad = good
                bad[place] = byte
                try attempt(bad)
            }
            var short = good
            short.remove(at: place)
            try attempt(short)
            try attempt(Array(good[..<place]))
        }
        #expect(taken > 0)
        #expect(refused > taken)
    }
}

extension Place {
    /// The bytes of batch 1's record.
    func firstRecord() throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: recordFile)))
    }

    var recordFile: String { "\(outbox.path)/.occ-export/records/000001.jsonl" }
}

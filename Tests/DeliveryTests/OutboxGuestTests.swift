import Delivery
import Foundation
import TestSupport
import Testing
import Transactions

/// What others may put into the outbox in place of our files: refused or told, never read without end.
struct `A guest in the outbox` {
    /// A file of 8 TiB that takes no room.
    private static func endless(_ path: String) throws {
        try? FileManager.default.removeItem(atPath: path)
        try Data().write(to: URL(fileURLWithPath: path))
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
        try file.truncate(atOffset: 8 << 40)
        try file.close()
    }

    private static func published(_ body: (Place) throws -> Void) async throws {
        try await Place.with { place in
            try place.record([.purchase("1")])
            try place.publish(try place.candidates())
            try body(place)
        }
    }

    @Test func `a stamp without end is not read`() async throws {
        try await Self.published { place in
            let path = "\(place.outbox.path)/.occ-export/stamp.json"
            try Self.endless(path)
            let error = #expect(throws: DeliveryError.self) {
                try place.outbox.requireOwner(place.ledger)
            }
            #expect(error?.message == "has \(8 << 40) bytes, more than any of ours; move it away")
        }
    }

    @Test(arguments: [
        #"{"version":1,"ledger":"a-ledger","lastNumber":9223372036854775807}"#,
        #"{"version":1,"ledger":"a-ledger","lastNumber":-1}"#,
        #"{"version":2,"ledger":"a-ledger","lastNumber":1}"#, "", "[[[[",
    ])
    func `a stamp of no batch is none`(_ text: String) async throws {
        try await Self.published { place in
            let path = "\(place.outbox.path)/.occ-export/stamp.json"
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
            let error = #expect(throws: DeliveryError.self) {
                try place.outbox.requireOwner(place.ledger)
            }
            #expect(error?.code == .operatorMustDecide)
            #expect(
                error?.message
                    == "is no stamp; bring it back from a backup of the outbox, or take it away and run 'occ-export init'"
            )
        }
    }

    @Test(arguments: ["manifest.json", "a_1.csv", "../elsewhere/manifest.json"])
    func `a file without end in a batch's place is told, not read`(_ name: String) async throws {
        try await Self.published { place in
            let path = "\(place.outbox.path)/2026-11-24_books_000001/\(name)"
            try FileManager.default.createDirectory(
                atPath: "\(place.outbox.path)/elsewhere",
                withIntermediateDirectories: false
            )
            try Self.endless(path)
            let found = try OutboxVerification(place.outbox, place.ledger).findings
            #expect(found.count == 1, "\(found)")
            _ = try Collection(place.outbox, place.ledger)
        }
    }

    @Test func `a record without end is not read`() async throws {
        try await Self.published { place in
            try Self.endless("\(place.outbox.path)/.occ-export/records/000002.jsonl")
            let error = #expect(throws: DeliveryError.self) {
                try place.outbox.requireOwner(place.ledger)
            }
            #expect(error?.code == .operatorMustDecide)
            #expect(error?.message.contains("a line has more than 67108864 bytes") == true)
        }
    }

    @Test func `a pipe under a manifest's name is a batch that nobody knows`() async throws {
        try await Self.published { place in
            let folder = "\(place.outbox.path)/elsewhere"
            try FileManager.default.createDirectory(
                atPath: folder,
                withIntermediateDirectories: false
            )
            #expect(unsafe mkfifo("\(folder)/manifest.json", 0o600) == 0)
            let found = try OutboxVerification(place.outbox, place.ledger).findings
            #expect(found.map(\.batch) == ["elsewhere"])
        }
    }
}

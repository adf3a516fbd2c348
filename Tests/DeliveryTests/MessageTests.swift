import Foundation
import GRDB
import TestSupport
import Testing
import Transactions

@testable import Delivery

/// What ledger, archive and outbox say of themselves, word for word, where no command brings it about.
struct `Messages of the delivery` {
    /// What a failing call says behind its path.
    private static let calls: [(number: CInt, says: String)] = [
        (ENOSPC, "No space left on device; free space on the disk, the next run goes on"),
        (EDQUOT, "Disk quota exceeded; free space on the disk, the next run goes on"),
        (EACCES, "Permission denied; give this user the right to it"),
        (EPERM, "Operation not permitted; give this user the right to it"),
        (EROFS, "Read-only file system; it is mounted read-only, mount it for writing"),
        (EIO, "Input/output error; look at the disk, or at the share; the next run goes on"),
        (ESTALE, "Stale file handle; look at the disk, or at the share; the next run goes on"),
        (ENOENT, "No such file or directory; is its folder there, and mounted?"),
        (EEXIST, "File exists; something else is there, choose another name or move it away"),
        (
            ENOTDIR,
            "Not a directory; a file stands where a folder should be, or the other way round: move it away"
        ),
        (
            EISDIR,
            "Is a directory; a file stands where a folder should be, or the other way round: move it away"
        ),
        (
            ELOOP,
            "Too many levels of symbolic links; a link stands in its place, put the file or folder itself there"
        ),
        (EMFILE, "Too many open files; too many files are open, raise the limit (ulimit -n)"),
        (ETIMEDOUT, "Connection timed out; mend that, the next run goes on"),
    ]

    @Test(arguments: calls)
    func `a failing call is told with the system's reason and what to do`(
        _ number: CInt,
        _ says: String
    ) {
        let error = DeliveryError.system(.outbox, "/outbox/a", "cannot be written", number)
        #expect(error.description == "/outbox/a: cannot be written: \(says)")
    }

    private static let databases: [(code: ResultCode, says: String)] = [
        (.SQLITE_FULL, "no room (SQLite 13); free space on the disk, the next run goes on"),
        (
            .SQLITE_CORRUPT,
            "no room (SQLite 11); bring a backup of the ledger back, then run 'occ-export reconcile'"
        ),
        (.SQLITE_BUSY, "no room (SQLite 5); another program holds the ledger, end it"),
        (
            .SQLITE_READONLY,
            "no room (SQLite 8); give this user the right to the state folder and its files"
        ),
        (.SQLITE_IOERR, "no room (SQLite 10); look at the disk, the next run goes on"),
        (.SQLITE_MISUSE, "no room (SQLite 21); look at the disk; if it is sound, report it"),
    ]

    @Test(arguments: databases)
    func `an error of SQLite is told without its statement, and with what to do`(
        _ code: ResultCode,
        _ says: String
    ) {
        let error = #expect(throws: DeliveryError.self) {
            try Ledger.guarded("/state/ledger.sqlite") {
                throw DatabaseError(resultCode: code, message: "no room", sql: "SELECT 'secret'")
            }
        }
        #expect(error?.description == "/state/ledger.sqlite: \(says)")
    }

    /// Expects an error with just these words behind the folder's path.
    private func expect(
        _ says: String,
        in folder: String,
        _ work: () throws -> Void
    ) {
        let error = #expect(throws: DeliveryError.self) { try work() }
        #expect(error?.description.replacing(folder, with: "PLACE") == says)
    }

    @Test func `files that are none`() async throws {
        try await withTemporaryDirectory { folder in
            try Data("1\n".utf8).write(to: URL(fileURLWithPath: "\(folder)/a"))
            expect(
                "PLACE/a: is no folder, or a link to one; only folders may lie there, move it away",
                in: folder
            ) { try DurableFolder.create("\(folder)/a/b", below: folder, code: .outbox) }
            expect("PLACE: is no regular file; move it away", in: folder) {
                try DurableFolder.read(folder, code: .outbox) { _ in }
            }
            expect(
                "PLACE/a: is no whole gzip file; bring it back from a copy of the archive",
                in: folder
            ) { try CompressedFile.read("\(folder)/a", code: .inputOutput) { _ in } }
            let lock = try FileLock("\(folder)/lock", code: .outbox)
            expect(
                "PLACE/lock: another run holds the lock; wait until it has ended",
                in: folder
            ) { _ = try FileLock("\(folder)/lock", code: .outbox) }
            withExtendedLifetime(lock) {}
        }
    }

    @Test func `compressed files that are cut off, or go on behind their end`() async throws {
        try await withTemporaryDirectory { folder in
            let path = "\(folder)/a.gz"
            var file = try CompressedFile(creating: path, code: .inputOutput)
            try file.write([1, 2, 3][...])
            _ = try file.finish()
            let whole = try Data(contentsOf: URL(fileURLWithPath: path))
            try whole.dropLast(3).write(to: URL(fileURLWithPath: path))
            expect(
                "PLACE/a.gz: is cut off; bring it back from a copy of the archive",
                in: folder
            ) { try CompressedFile.read(path, code: .inputOutput) { _ in } }
            try (whole + [0]).write(to: URL(fileURLWithPath: path))
            expect(
                "PLACE/a.gz: has something behind its end; bring it back from a copy of the archive",
                in: folder
            ) { try CompressedFile.read(path, code: .inputOutput) { _ in } }
        }
    }

    @Test func `a second ledger is not made over the first`() async throws {
        try await Place.with { place in
            expect(
                "PLACE/state/ledger.sqlite: there is a ledger already; nothing was changed; 'occ-export status' shows it",
                in: place.folder
            ) {
                try Ledger.create(
                    in: "\(place.folder)/state",
                    id: "another",
                    at: .at("2026-11-24T03:00:00Z")
                )
            }
        }
    }

    @Test func `ledgers of programs that this one does not follow`() async throws {
        try await Place.with { place in
            func version(_ number: Int) throws {
                try place.ledger.queue.write {
                    try $0.execute(sql: "PRAGMA user_version = \(number)")
                }
            }
            try version(99)
            let newest = LedgerSchema.version
            expect(
                "PLACE/state/ledger.sqlite: the ledger is of version 99, of a later program; this one reads up to \(newest); use the program that wrote it last",
                in: place.folder
            ) { _ = try Place(openingIn: place.folder) }
            try version(1)
            let first = LedgerMigration.first
            expect(
                "PLACE/state/ledger.sqlite: the ledger is of version 1, and this program brings on \(first) and later; use the program that wrote it, or move the file away and run 'occ-export reconcile'",
                in: place.folder
            ) { _ = try Place(openingIn: place.folder) }
        }
    }

    @Test func `a ledger that somebody wrote into`() async throws {
        try await Place.with { place in
            try place.record([.purchase("1")])
            let wanted = try place.candidates()
            try place.publish(wanted)
            try place.ledger.queue.writeWithoutTransaction {
                try $0.execute(
                    sql:
                        "PRAGMA ignore_check_constraints = ON; UPDATE batches SET state = 'gone'"
                )
            }
            expect(
                "ledger.sqlite: batch 1 cannot be read; bring a backup of the ledger back, then run 'occ-export reconcile'",
                in: place.folder
            ) { _ = try place.ledger.batch(1) }
        }
        try await Place.with { place in
            try place.record([.purchase("1")])
            let wanted = try place.candidates()
            try place.ledger.queue.writeWithoutTransaction {
                try $0.execute(sql: "PRAGMA foreign_keys = OFF; DELETE FROM transactions")
            }
            expect(
                "ledger.sqlite: transaction 1 is carried and not known; bring a backup of the ledger back, then run 'occ-export reconcile'",
                in: place.folder
            ) { try place.publish(wanted) }
        }
    }

    @Test func `records and manifests that are gone or no longer whole`() async throws {
        try await Place.with { place in
            try place.record([.purchase("1")])
            try place.publish(try place.candidates())
            expect(
                "PLACE/none.jsonl: the record is gone; bring it back from a backup of the outbox",
                in: place.folder
            ) { _ = try BatchRecord(reading: "\(place.folder)/none.jsonl") }
            let record = place.outbox.recordPath(1)
            try Data("x\n".utf8).write(to: URL(fileURLWithPath: record))
            expect(
                "PLACE/outbox/.occ-export/records/000001.jsonl: the record is damaged; bring it back from a backup of the outbox",
                in: place.folder
            ) { try BatchRecord.note(.void, in: record) }
            expect(
                "manifest.json: is no manifest that this program reads; take the program that wrote it, or a newer one",
                in: place.folder
            ) { _ = try Manifest(Array("{}".utf8), path: "manifest.json") }
        }
    }

    @Test func `a batch that is not prepared is not settled`() async throws {
        try await Place.with { place in
            try place.record([.purchase("1")])
            try place.publish(try place.candidates())
            let batch = try #require(try place.ledger.batch(1))
            expect(
                "PLACE/state/ledger.sqlite: batch 1 is not prepared; 'occ-export status' says what waits",
                in: place.folder
            ) {
                try place.outbox.settle(
                    batch,
                    in: place.ledger,
                    wentOut: true,
                    at: .at("2026-11-25T03:00:00Z")
                )
            }
        }
    }

    @Test func `files of a batch that have a name of ours, or change while they are written`()
        async throws
    {
        try await Place.with { place in
            var staged = try StagedBatch(
                in: place.outbox,
                place.archive,
                number: 1,
                export: "books",
                day: .day("2026-11-24"),
                folder: "",
                layout: .directory
            )
            expect(
                "Manifest.json: a data file may not have this name, for the batch has such a file of its own; rename it in the template's 'files'",
                in: place.folder
            ) { _ = try staged.newFile("Manifest.json").finish() }
            try staged.write(Array("a\n".utf8), to: "a.csv", role: .data)
            try Data("ab\n".utf8).write(to: URL(fileURLWithPath: staged.path(of: "a.csv")))
            expect(
                "a.csv: read back as 3 bytes with another hash, 2 were written; nothing was published; look at the disk",
                in: place.folder
            ) {
                _ = try staged.finish(
                    Manifest(),
                    kind: .regular,
                    carried: [],
                    at: .at("2026-11-24T03:00:00Z")
                )
            }
        }
    }
}

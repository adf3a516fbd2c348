import Delivery
import Foundation
import TestSupport
import Transactions

/// A ledger, an archive and an outbox of a test's own.
struct Place {
    let folder: String
    let ledger: Ledger
    let archive: Archive
    let outbox: Outbox

    /// Runs a test at a place that is gone afterwards.
    static func with<Result>(_ body: (Place) throws -> Result) async throws -> Result {
        try await withTemporaryDirectory { folder in try body(try Place(makingIn: folder)) }
    }

    init(makingIn folder: String) throws {
        try DurableFolder.create("\(folder)/state", code: .inputOutput)
        try Ledger.create(in: "\(folder)/state", id: "a-ledger", at: .at("2026-11-01T00:00:00Z"))
        try Archive(in: "\(folder)/state").create()
        try Outbox(path: "\(folder)/outbox").createFolders()
        try self.init(openingIn: folder)
        try outbox.adopt(ledger)
    }

    init(openingIn folder: String) throws {
        self.folder = folder
        ledger = try Ledger(in: "\(folder)/state")
        archive = Archive(in: "\(folder)/state")
        outbox = Outbox(path: "\(folder)/outbox")
    }

    /// Records rows as the answer for all of November.
    @discardableResult
    func record(
        _ rows: [Transaction],
        contract: String = "22297",
        at now: String = "2026-11-24T03:00:00Z",
        unread: [Answered.Unread] = [],
        from: String = "2026-11-01",
        to: String = "2026-11-25"
    ) throws -> RecordOutcome {
        let instant = UTCTimestamp.at(now)
        let run = try ledger.beginRun(at: instant, archive)
        var answered = Answered(
            feed: .contractTransactions,
            contract: contract,
            asked: .days(from, to),
            isAll: true
        )
        answered.transactions = rows
        answered.unread = unread
        let outcome = try ledger.record(answered, run: run, at: instant)
        try ledger.endRun(run, at: instant, status: "done")
        return outcome
    }

    /// Records rows as one archived answer for all of November, as a run does.
    @discardableResult
    func answer(_ rows: [Transaction], at now: String) throws -> RecordOutcome {
        let instant = UTCTimestamp.at(now)
        let run = try ledger.beginRun(at: instant, archive)
        let asked = Window.days("2026-11-01", "2026-11-28")
        let entry = try archive.begin(
            run: run,
            feed: .contractTransactions,
            contract: "22297",
            window: asked,
            part: 1
        )
        try entry.write(Array("[]".utf8)[...])
        var answered = Answered(
            feed: .contractTransactions,
            contract: "22297",
            asked: asked,
            isAll: true
        )
        if let answer = try entry.finish() {
            answered.parts = [Answered.Part(answer: answer, rows: rows.count)]
        }
        answered.transactions = rows
        return try ledger.record(answered, run: run, at: instant)
    }

    func candidates(_ export: String = "books") throws -> [Candidate] {
        try ledger.candidates(
            of: export,
            feed: .contractTransactions,
            selection: [1]
        ).candidates
    }

    /// Writes a batch of what is due; `stop` is told of each step and may throw.
    func publish(
        _ candidates: [Candidate],
        export: String = "books",
        layout: BatchEntry.Layout = .directory,
        role: CarriedRole = .original,
        stop: @escaping (Publication.Step) throws(DeliveryError) -> Void = { _ in }
    ) throws {
        let number = try ledger.lastNumber() + 1
        let now = UTCTimestamp.at("2026-11-24T03:00:00Z")
        var staged = try StagedBatch(
            in: outbox,
            archive,
            number: number,
            export: export,
            day: .day("2026-11-24"),
            folder: "",
            layout: layout
        )
        var manifest = Manifest()
        manifest.id = "\(export)-\(number)"
        manifest.number = number
        manifest.transactions = candidates.count
        manifest.previous = try ledger.lastManifestHash()
        for name in ["a_\(number).csv", "b_\(number).csv"] {
            let text = candidates.map { "\($0.transaction.key)\n" }.joined()
            try staged.write(Array(text.utf8), to: name, role: .data)
            manifest.resources.append(
                .init(
                    path: name,
                    bytes: text.utf8.count,
                    hash: "",
                    encoding: "utf-8",
                    format: "csv",
                    mediatype: "text/csv"
                )
            )
        }
        let carried = candidates.map {
            Carried($0.transaction, version: $0.version, role: role, material: [7])
        }
        let batch = try staged.finish(manifest, kind: .regular, carried: carried, at: now)
        try Publication(outbox: outbox, ledger: ledger, checkpoint: stop).publish(
            staged,
            batch,
            carried: carried,
            run: nil
        )
    }

    /// The public files of the outbox, by path.
    func shown() throws -> [String: String] {
        var files: [String: String] = [:]
        let paths = FileManager.default.enumerator(atPath: outbox.path)?.compactMap {
            $0 as? String
        }
        for path in paths ?? [] where !path.hasPrefix(".occ-export") {
            guard let data = FileManager.default.contents(atPath: "\(outbox.path)/\(path)") else {
                continue
            }
            files[path] = String(decoding: data, as: UTF8.self)
        }
        return files
    }

    /// What lies in our own folder beside lock and stamp.
    func own() throws -> [String] {
        let folder = "\(outbox.path)/.occ-export"
        let paths = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String }
        return (paths ?? []).filter {
            !["lock", "stamp.json", "staging", "records"].contains($0)
        }.sorted()
    }
}

extension UTCTimestamp {
    /// An instant that the test writes down; the year 1 where it is none.
    static func at(_ text: String) -> UTCTimestamp {
        UTCTimestamp(text) ?? UTCTimestamp(startOf: .first)
    }
}

extension CalendarDate {
    static func day(_ text: String) -> CalendarDate { CalendarDate(text) ?? .first }
}

extension Window {
    static func days(_ from: String, _ to: String) -> Window {
        Window(from: .day(from), to: .day(to)) ?? Window(from: .first, to: .first)
            ?? Window.days("2026-01-01", "2026-01-01")
    }
}

extension Transaction {
    /// A purchase with what a test is about.
    static func purchase(
        _ id: String,
        at time: String = "2026-11-20T10:00:00Z",
        total: Int64 = 124_000,
        product: String = "Diesel",
        invoice: String? = nil,
        contract: String = "22297"
    ) -> Transaction {
        var builder = Builder(feed: .contractTransactions)
        builder.set(.transactionId, id)
        builder.set(.transactionTime, .at(time))
        builder.set(.currency, "EUR")
        builder.set(.occProductName, product)
        builder.set(.quantity, FixedDecimal(tenThousandths: 100_000) ?? .zero)
        builder.set(.totalPrice, FixedDecimal(tenThousandths: total) ?? .zero)
        if let invoice { builder.set(.invoiceNo, invoice) }
        return builder.build(contractNumber: contract)
    }
}

/// A crash that a test asks for.
struct Crash: Error {}

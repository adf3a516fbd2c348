internal import Delivery
internal import FoundationEssentials
internal import OCCClient
internal import Synchronization
internal import Templates
internal import Transactions

/// The rows of a JSON file, for a plan to select from.
final class FileRows: RowReading {
    private let file: RowFile
    private let seen: Mutex<(aside: [RejectedRow], isWhole: Bool)> = Mutex(([], false))

    init(_ path: String, feed: Feed, contract: String?) throws {
        do throws(RowFile.Failure) {
            file = try RowFile(path: path, feed: feed, contractNumber: contract)
        } catch {
            throw DataError("\(error)")
        }
    }

    /// Rows that are no transactions; whole after the first visit.
    var aside: [RejectedRow] { seen.withLock { $0.aside } }

    func visitRows(_ body: (Int, borrowing ScannedRow, Span<UInt8>) throws -> Void) throws {
        let isNew = seen.withLock { !$0.isWhole }
        var aside: [RejectedRow] = []
        do {
            try file.visit(rejected: { if isNew { aside.append($0) } }, body)
        } catch let failure as RowFile.Failure {
            throw DataError("\(failure)")
        }
        if isNew { seen.withLock { $0 = (aside, true) } }
    }

    func readRow(
        at position: Int,
        _ row: inout ScannedRow,
        _ bytes: inout [UInt8],
        from start: Int
    ) throws -> Int {
        try file.read(at: position, &row, &bytes, from: start)
    }
}

/// Writes rendered files into a folder, hashed as they pass.
struct FolderSink: FileSink {
    let folder: String
    private var writer: FileWriter?
    /// Files that are written.
    private(set) var finished: [StagedSink.Finished] = []
    private var names: [String] = []

    init(folder: String) { self.folder = folder }

    mutating func begin(_ name: String) throws {
        guard !RenderedManifest.names.contains(name.lowercased()) else {
            throw DataError(
                "\(name): a data file may not have the name of the manifest or its sums"
            )
        }
        writer = FileWriter(name, try DurableFile(creating: "\(folder)/\(name)"))
        names.append(name)
    }

    mutating func write(_ bytes: [UInt8]) throws { try writer?.write(bytes) }

    mutating func end() throws {
        // All are synced together, before the manifest says that they are there.
        if let writer { finished.append(try writer.finish(syncs: false)) }
        writer = nil
    }

    mutating func restart() throws {
        writer = nil
        for name in names { try FileManager.default.removeItem(atPath: "\(folder)/\(name)") }
        names = []
        finished = []
    }
}

/// The manifest of files that no ledger numbered: what `run` writes, as far as it applies.
struct RenderedManifest {
    static let names = ["manifest.json", "sha256sums"]

    let plan: Plan
    let batch: BatchContext
    let folder: String

    /// Writes SHA256SUMS, then the manifest: its presence means that all is there.
    func write(
        _ rendering: Rendering,
        _ finished: [StagedSink.Finished],
        _ totals: ColumnTotals,
        held: [String: Int],
        rejected: [String: (reason: String, message: String)],
        validatedBy: [String: String]
    ) throws {
        var sums = ""
        try DurableFolder.syncAll(folder, code: .outbox)
        for file in finished { sums += "\(file.hash)  \(file.name)\n" }
        try write(Array(sums.utf8), to: "SHA256SUMS")
        var manifest = Manifest()
        manifest.name = "render"
        manifest.id = batch.id
        manifest.title = plan.template.title
        manifest.created = "\(batch.created)"
        manifest.program = "occ-export \(Program.version)"
        manifest.number = batch.number
        manifest.template = plan.template.name
        manifest.templateHash = "sha256:\(ExportPlan.hash(plan.template))"
        manifest.feed = plan.feed.rawValue
        manifest.rows.originals = totals.count
        manifest.transactions = totals.count
        manifest.hashTotal = totals.hashTotal.normalized.description
        manifest.set(totals)
        manifest.held = held
        manifest.rejected = rejected.map {
            .init(transactionId: $0.key, reason: $0.value.reason, message: $0.value.message)
        }
        manifest.rejected.sort { $0.transactionId < $1.transactionId }
        manifest.numberDocuments(of: rendering)
        manifest.notices = rendering.notices.isEmpty ? nil : rendering.notices
        let written = Dictionary(
            rendering.files.filter { $0.package == nil }.map { ($0.name, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        for file in finished {
            manifest.resources.append(
                try resource(file, written[file.name], rendering, validatedBy[file.name])
            )
        }
        try write(try manifest.encoded(), to: "manifest.json")
    }

    private func write(_ bytes: [UInt8], to name: String) throws {
        var file = try DurableFile(creating: "\(folder)/\(name)")
        try file.write(bytes)
        _ = try file.finish()
    }

    private func resource(
        _ file: StagedSink.Finished,
        _ rendered: RenderedFile?,
        _ rendering: Rendering,
        _ schema: String?
    ) throws -> Manifest.Resource {
        guard let rendered else {
            return .package(
                file,
                of: rendering.files.filter { $0.package == file.name }
            )
        }
        var resource = Manifest.Resource.file(rendered, size: file.size, hash: file.hash)
        resource.describe(try table(rendered))
        resource.validatedBy = schema.map { [$0] } ?? []
        return resource
    }

    /// What the first record of a file says; what stands behind it is not read again.
    private func table(_ file: RenderedFile) throws -> Table? {
        let first = try plan.firstRecord(of: file) { take in
            var bytes: [UInt8] = []
            try DurableFolder.read("\(folder)/\(file.name)", first: 64 << 10, code: .outbox) {
                bytes += $0
            }
            try take(bytes[...])
        }
        return first.flatMap { Table(file, plan, firstRecord: $0.cells, lineEnd: $0.lineEnd) }
    }
}

extension Manifest {
    /// Takes over sums by currency and VAT rate.
    fileprivate mutating func set(_ columns: ColumnTotals) {
        var byCurrency: [String: (all: ColumnSums, rates: [String: ColumnSums])] = [:]
        for part in columns.parts where part.count > 0 {
            var sums = byCurrency[part.currency] ?? (ColumnSums(), [:])
            sums.all.add(part)
            sums.rates[part.vatRate.map { "\($0)" } ?? "none", default: ColumnSums()].add(part)
            byCurrency[part.currency] = sums
        }
        totals = byCurrency.mapValues { currency in
            var totals = currency.all.totals
            totals.byVatRate = currency.rates.mapValues(\.totals)
            return totals
        }
    }
}

/// Sums of several parts.
private struct ColumnSums {
    private var count = 0
    private var net = ExactDecimal.zero
    private var vat = ExactDecimal.zero
    private var total = ExactDecimal.zero

    mutating func add(_ part: ColumnTotals.Part) {
        count += part.count
        // The sums of what fits 128 bits at four places fit as well.
        net = net.adding(part.netAmount) ?? net
        vat = vat.adding(part.vatAmount) ?? vat
        total = total.adding(part.totalPrice) ?? total
    }

    var totals: Manifest.Totals {
        .init(
            count: count,
            netAmount: net.normalized.description,
            vatAmount: vat.normalized.description,
            totalPrice: total.normalized.description
        )
    }
}

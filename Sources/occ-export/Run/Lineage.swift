internal import ArgumentParser
internal import Delivery
internal import FoundationEssentials
internal import Templates
internal import Transactions

/// From a line of a published file to the rows it was made of, field by field; and back.
struct Lineage {
    private let ledger: Ledger
    private let archive: Archive
    private let configuration: Configuration
    private let showsPersonal: Bool

    init(_ ledger: Ledger, _ configuration: Configuration, showsPersonal: Bool) {
        self.ledger = ledger
        self.configuration = configuration
        self.showsPersonal = showsPersonal
        archive = Archive(in: configuration.state)
    }

    // MARK: From a line

    /// Finds the batch of a file, the records that wrote a line of it, and the ids of their rows.
    func explain(_ place: String, _ report: inout Explanation) throws -> [String] {
        guard let colon = place.lastIndex(of: ":"),
            let number = Int(place[place.index(after: colon)...]), number > 0
        else {
            throw ValidationError(
                "'\(place)' is not FILE:LINE; say the file and the number of a line, from 1: postings.csv:17"
            )
        }
        let path = String(place[..<colon])
        guard let bytes = try DurableFolder.contents(of: path, code: .inputOutput) else {
            throw RunError(
                .usage,
                "\(path): there is no such file; name it where it lies now, its name and content tell the batch"
            )
        }
        let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        guard number <= lines.count, !(number == lines.count && lines[number - 1].isEmpty) else {
            throw RunError(
                .usage,
                "\(path): has no line \(number); its last is \(lines.count - (lines.last?.isEmpty == true ? 1 : 0))"
            )
        }
        guard let (batch, published) = try ledger.batch(ofFile: path) else {
            throw RunError(
                .data,
                "\(path): the ledger knows no published file with this content; if it was changed after publication, name an unchanged copy ('occ-export reissue' makes one)"
            )
        }
        let line = lines[number - 1]
        report.file = published
        report.line = number
        report.batch = batch.name
        report.number = batch.number
        report.export = batch.export
        report.prepared = "\(batch.prepared)"
        do {
            let replay = try BatchReplay(batch, ledger, archive, configuration)
            let name = try originalName(of: published, in: batch, replay.number)
            let records = try replay.records(
                of: name,
                bytes: line.startIndex..<max(line.startIndex + 1, line.endIndex)
            )
            report.records = records.map { .init($0, showsPersonal: showsPersonal) }
            report.note =
                records.isEmpty
                ? "no record of the template wrote this line: it holds what stands around the records"
                : nil
            var ids: [String] = []
            for key in records.flatMap(\.transactions) where !ids.contains(key.transactionId) {
                ids.append(key.transactionId)
            }
            if ids.count > Self.most {
                report.note =
                    "the line is made of \(ids.count) transactions or more; the first follow"
            }
            return Array(ids.prefix(Self.most))
        } catch let obstacle as BatchReplay.Obstacle {
            return try ids(in: line, of: batch, &report, obstacle)
        }
    }

    /// Transactions that are shown of a line which is made of many.
    private static let most = 20

    /// In a flat layout a reissue has names of its own.
    private func originalName(of name: String, in batch: BatchEntry, _ original: Int) throws
        -> String
    {
        guard batch.number != original, let first = try ledger.batch(original) else { return name }
        let own = batch.files.filter { $0.role == .data }
        let others = first.files.filter { $0.role == .data }
        guard let place = own.firstIndex(where: { $0.name == name }), place < others.count else {
            return name
        }
        return others[place].name
    }

    /// The ids that stand in a line, where the template cannot tell.
    private func ids(
        in line: ArraySlice<UInt8>,
        of batch: BatchEntry,
        _ report: inout Explanation,
        _ obstacle: BatchReplay.Obstacle
    ) throws -> [String] {
        let carried = try ledger.carried(in: batch.number)
        let inLine = carried.filter { Self.stands($0.key.transactionId, in: line) }
        report.note =
            inLine.isEmpty
            ? "\(obstacle.reason); and no transaction id stands in this line: the batch carries \(carried.count) rows"
            : obstacle.reason
        let rows = inLine.isEmpty ? Array(carried.prefix(Self.most)) : inLine
        var ids: [String] = []
        for row in rows where !ids.contains(row.key.transactionId) {
            ids.append(row.key.transactionId)
        }
        return ids
    }

    // MARK: From a transaction

    /// The lines of published files that a transaction stands in: `NAME/FILE:LINE: record`.
    func lines(of history: TransactionHistory) throws -> [String] {
        var lines: [String] = []
        var seen: Set<Int> = []
        for appearance in history.appearances where seen.insert(appearance.batch).inserted {
            guard let batch = try ledger.batch(appearance.batch) else { continue }
            do {
                let replay = try BatchReplay(batch, ledger, archive, configuration)
                for record in try replay.records(of: history.key) {
                    let path =
                        batch.files.first { $0.name == record.file }?.path
                        ?? "\(batch.name): \(record.file)"
                    let line = try line(at: record.range.lowerBound, of: record.file, in: batch)
                    let others =
                        record.transactions.count > 1
                        ? ", with \(record.transactions.count - 1) others" : ""
                    lines.append(
                        "\(path)\(line.map { ":\($0)" } ?? ""): record \(record.record.name) (\(record.place))\(others)"
                    )
                }
            } catch let obstacle as BatchReplay.Obstacle {
                lines.append("batch \(batch.number): its lines cannot be told: \(obstacle.reason)")
            }
        }
        return lines
    }

    /// The line of a file at a byte; nil for what lies in a package.
    private func line(at offset: Int, of file: String, in batch: BatchEntry) throws -> Int? {
        guard batch.files.contains(where: { $0.name == file }) else { return nil }
        var line = 1
        var place = 0
        try archive.read(batch: batch.number, file: file) { bytes in
            for byte in bytes.prefix(max(0, offset - place)) where byte == 0x0A { line += 1 }
            place += bytes.count
        }
        return line
    }

    /// Whether an id stands in a line as a whole, not as a part of a longer one.
    private static func stands(_ id: String, in line: ArraySlice<UInt8>) -> Bool {
        let wanted = Array(id.utf8)
        guard !wanted.isEmpty, line.count >= wanted.count else { return false }
        func isPart(_ byte: UInt8) -> Bool {
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
                || (0x61...0x7A).contains(byte)
        }
        for start in line.startIndex...(line.endIndex - wanted.count)
        where line[start] == wanted[0] {
            let end = start + wanted.count
            guard line[start..<end].elementsEqual(wanted) else { continue }
            let before = start > line.startIndex && isPart(line[start - 1])
            let after = end < line.endIndex && isPart(line[end])
            if !before && !after { return true }
        }
        return false
    }
}

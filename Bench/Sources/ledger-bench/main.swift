internal import Delivery
internal import FoundationEssentials
internal import Glibc
internal import Transactions

/// What the ledger's work costs, and ledgers of many years.
///
/// `ledger-bench record COUNT FOLDER` records made-up rows, records them again, and makes a batch of them;
/// `ledger-bench grow COUNT STATE OUTBOX EXPORT` adds rows of the five years before to a ledger, carried
/// by the export.
let words = Array(CommandLine.arguments.dropFirst())
switch words.first {
case "record" where words.count == 3: try measure(count: Int(words[1]) ?? 0, in: words[2])
case "grow" where words.count == 5:
    let past = PastYears(
        ledger: try Ledger(in: words[2]),
        archive: Archive(in: words[2]),
        outbox: Outbox(path: words[3]),
        export: words[4]
    )
    try past.add(Int(words[1]) ?? 0)
default: print("ledger-bench record COUNT FOLDER | grow COUNT STATE OUTBOX EXPORT")
}

/// CPU seconds of this process so far.
func processSeconds() -> Double {
    var usage = rusage()
    _ = unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return [usage.ru_utime, usage.ru_stime].reduce(0) {
        $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1e6
    }
}

/// Prints what a step costs.
func timed<Result>(_ step: String, _ work: () throws -> Result) rethrows -> Result {
    let before = processSeconds()
    let result = try work()
    let tenths = Int(((processSeconds() - before) * 1_000).rounded())
    print("\(step): \(tenths / 1_000).\(String(1_000 + tenths % 1_000).dropFirst()) CPU s")
    return result
}

func measure(count: Int, in folder: String) throws {
    let state = "\(folder)/state"
    try DurableFolder.create(state, code: .inputOutput)
    let night = UTCTimestamp(startOf: .first.adding(days: 739_000) ?? .first)
    try Ledger.create(in: state, id: "bench", at: night)
    let past = PastYears(
        ledger: try Ledger(in: state),
        archive: Archive(in: state),
        outbox: Outbox(path: "\(folder)/outbox"),
        export: "books"
    )
    try past.archive.create()
    try past.outbox.createFolders()
    try past.outbox.adopt(past.ledger)
    let rows = (0..<count).map {
        PastYears.row($0, at: night.seconds - 28 * 86_400 * Int64(count - $0) / Int64(count))
    }
    let asked = Window(
        from: night.date.adding(days: -31) ?? night.date,
        to: night.date.adding(days: 1) ?? night.date
    )
    guard let asked else { return }
    _ = try timed("first run, \(count) rows recorded") {
        try past.record(rows, asked, at: night)
    }
    let again = try timed("second run, nothing new") { try past.record(rows, asked, at: night) }
    let (candidates, last) = try timed("what an export has to decide on") {
        try past.ledger.candidates(of: "books", feed: .contractTransactions, selection: [1])
    }
    try timed("a batch of all of them, prepared and published") {
        try past.publish(candidates.map(\.transaction), at: night)
    }
    try past.ledger.consider("books", selection: [1], last: last, open: [], at: night)
    let left = try timed("the same on the second night") {
        try past.ledger.candidates(of: "books", feed: .contractTransactions, selection: [1])
    }
    print("known again: \(again.unchanged), left to decide on: \(left.candidates.count)")
}

/// Adds made-up rows to a ledger, published and all.
struct PastYears {
    let ledger: Ledger
    let archive: Archive
    let outbox: Outbox
    let export: String

    /// Rows of the five years before the ledger's own, a batch a month.
    func add(_ count: Int) throws {
        let first = UTCTimestamp(startOf: .first.adding(days: 737_000) ?? .first)
        let months = 60
        for month in 0..<months {
            let start = first.seconds + Int64(month) * 30 * 86_400
            let size = count / months
            let rows = (0..<size).map {
                Self.row(month * size + $0, at: start + 30 * 86_400 * Int64($0) / Int64(size))
            }
            guard let night = UTCTimestamp(seconds: start + 32 * 86_400),
                let asked = Window(
                    from: UTCTimestamp(seconds: start)?.date ?? .first,
                    to: night.date
                )
            else { return }
            _ = try record(rows, asked, at: night)
            try publish(rows, at: night)
        }
    }

    func record(_ rows: [Transaction], _ asked: Window, at night: UTCTimestamp) throws
        -> RecordOutcome
    {
        let run = try ledger.beginRun(at: night, archive)
        var answered = Answered(
            feed: .contractTransactions,
            contract: "22297",
            asked: asked,
            isAll: false
        )
        let entry = try archive.begin(
            run: run,
            feed: .contractTransactions,
            contract: "22297",
            window: asked,
            part: 1
        )
        try entry.write(Array("[]".utf8)[...])
        if let answer = try entry.finish() {
            answered.parts = [Answered.Part(answer: answer, rows: rows.count)]
        }
        answered.transactions = rows
        let outcome = try ledger.record(answered, run: run, at: night)
        try ledger.endRun(run, at: night, status: "done")
        return outcome
    }

    func publish(_ rows: [Transaction], at night: UTCTimestamp) throws {
        let number = try ledger.lastNumber() + 1
        var staged = try StagedBatch(
            in: outbox,
            archive,
            number: number,
            export: export,
            day: night.date,
            folder: "",
            layout: .directory
        )
        var manifest = Manifest()
        manifest.id = "bench-\(number)"
        manifest.number = number
        manifest.transactions = rows.count
        manifest.previous = try ledger.lastManifestHash()
        let carried = rows.map {
            Carried(
                $0,
                version: 1,
                role: .original,
                material: Array(repeating: UInt8(number % 251), count: 16)
            )
        }
        let batch = try staged.finish(manifest, kind: .regular, carried: carried, at: night)
        try Publication(outbox: outbox, ledger: ledger).publish(
            staged,
            batch,
            carried: carried,
            run: nil
        )
    }

    private static let products = [
        ("1005", "Diislikütus", "Fuel"), ("1001", "Bensiin 95 E10", "Fuel"),
        ("1009", "AdBlue", "Merchandise"), ("2001", "Autopesu", "Service"),
    ]

    /// A purchase like the API's; the same for the same number.
    static func row(_ number: Int, at seconds: Int64) -> Transaction {
        var builder = Transaction.Builder(feed: .contractTransactions)
        let product = products[(number &* 7) % products.count]
        let vehicle = (number &* 37) % 900
        builder.set(.transactionId, "\(1_000_000_001 + number)")
        if let instant = UTCTimestamp(seconds: seconds) {
            builder.set(.transactionTime, instant)
            builder.set(.statusDate, instant)
            builder.set(.invoiceDate, instant)
        }
        builder.set(.invoiceNo, "\(20_260_000 + number / 200)-19091")
        builder.set(.currency, "EUR")
        builder.set(.stationId, "S\(100 + (number &* 31) % 80)")
        builder.set(.terminalId, "T\((number &* 13) % 9)")
        builder.set(.receiptNo, "R\(1_000_000 + (number &* 7_919) % 8_999_999)")
        builder.set(.cardNumber, "92334500000\(10_000 + vehicle)")
        builder.set(.plateNumber, "\(100 + vehicle)ABC")
        builder.set(.driverName, "Mari Maasikas \(vehicle)")
        builder.set(.occProductCode, product.0)
        builder.set(.occProductName, product.1)
        builder.set(.occProductType, product.2)
        builder.set(.odometerReadout, Int64(100_000 + number % 90_000))
        let quantity = Int64(100_000 + (number &* 7_919) % 900_000)
        let price = Int64(12_000 + number % 5_000)
        let total = quantity * price / 10_000
        let net = total * 100 / 124
        for (field, value) in [
            (Field.quantity, quantity), (.pricePerUnit, price), (.totalPrice, total),
            (.netAmount, net), (.vatRate, 240_000), (.vatAmount, total - net),
        ] {
            if let amount = FixedDecimal(tenThousandths: value) { builder.set(field, amount) }
        }
        return builder.build(contractNumber: "22297")
    }
}

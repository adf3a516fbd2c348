internal import Foundation

/// A partner's place of its own: sandbox API, configuration, state and outbox in a temporary folder.
public final class Partner: Sendable {
    /// The folder that holds all of it.
    public let folder: String
    /// The API.
    public let sandbox: SandboxProcess
    /// The instant at which commands run when they do not say another, RFC 3339 in UTC.
    public static let now = "2026-11-24T03:00:00Z"

    private init(_ folder: String, _ sandbox: SandboxProcess) {
        self.folder = folder
        self.sandbox = sandbox
    }

    /// Runs a test at a partner's place, which is gone afterwards.
    ///
    /// `exports` and `source` are YAML of the configuration, indented as there; `sandbox` are arguments
    /// of `occ-sandbox`, which has no made-up rows and two contracts unless they say otherwise.
    public static func with<Result>(
        exports: String = Partner.accountant,
        source: String = "",
        sandbox arguments: [String] = ["--rows", "0", "--contracts", "2"],
        clock: String = Partner.now,
        isInitialised: Bool = true,
        _ body: (Partner) async throws -> Result
    ) async throws -> Result {
        try await withTemporaryDirectory { folder in
            let sandbox = try SandboxProcess(now: clock, arguments)
            defer { sandbox.stop() }
            let partner = Partner(folder, sandbox)
            try partner.write("psk", String(repeating: "0123456789abcdef", count: 8) + "\n")
            try partner.configure(exports: exports, source: source)
            if isInitialised {
                let result = try partner.occExport("init")
                guard result.status == 0 else { throw PartnerFailure(says: result.error) }
            }
            return try await body(partner)
        }
    }

    /// One export with the accountant's CSV.
    public static let accountant = """
          - name: accountant
            template: \(Checkout.path)/templates/accountant-csv
            start: 2026-07-01
        """

    /// Writes the configuration.
    public func configure(exports: String = Partner.accountant, source: String = "") throws {
        try write(
            "occ-export.yaml",
            """
            version: 1
            source:
              base_url: \(sandbox.address)
              access_id: ERP-TEST-1
              psk_file: psk
              pause: 0ms
            \(source)
            time_zone: Europe/Tallinn
            state: ./state
            outbox: ./outbox
            exports:
            \(exports)
            """
        )
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o600],
            ofItemAtPath: "\(folder)/psk"
        )
    }

    /// Writes a file of the folder.
    public func write(_ name: String, _ text: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
    }

    /// The text of a file of the folder.
    public func text(_ name: String) throws -> String {
        try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
    }

    /// Runs `occ-export` in the folder; `now` is what it takes for the current instant.
    public func occExport(
        _ arguments: String...,
        now: String = Partner.now,
        environment: [String: String] = [:]
    ) throws -> ProgramResult {
        let result = try run(
            Checkout.program("occ-export"),
            arguments,
            environment: environment.merging(["OCC_EXPORT_NOW": now]) { given, _ in given },
            in: folder
        )
        // Whatever a command says, it says it without the key and without personal data.
        for secret in Self.secrets where (result.output + result.error).contains(secret) {
            throw Leak(command: arguments.joined(separator: " "), secret: secret)
        }
        return result
    }

    /// The key, and the card, driver and plate of `sell`.
    private static let secrets = [
        "0123456789abcdef0123456789abcdef", "9233450000000011", "Mari Maasikas", "123ABC",
    ]

    /// Adds a purchase at the source: the usual row with some fields replaced; nil leaves a field out.
    ///
    /// Values are JSON texts: `"\"EUR\""`, `12.50`.
    public func sell(
        _ id: String,
        contract: String = "22297",
        day: String = "2026-11-20",
        _ changes: [String: String?] = [:]
    ) throws {
        var row: [String: String?] = [
            "transactionId": "\"\(id)\"", "transactionTime": "\"\(day)T10:15:30.994Z\"",
            "statusDate": "\"\(day)T10:15:31Z\"", "terminalId": "\"T11\"",
            "stationId": "\"S101\"", "receiptNo": "\"000\(id.suffix(4))\"",
            "authorizationCode": "\"A1\"", "cardNumber": "\"9233450000000011\"",
            "currency": "\"EUR\"", "occProductCode": "\"1005\"",
            "occProductName": "\"Diislikütus\"", "occProductType": "\"Fuel\"",
            "plateNumber": "\"123ABC\"", "driverName": "\"Mari Maasikas\"",
            "quantity": "10.0000", "netPricePerUnit": "1.0000", "discountPerUnit": "0",
            "pricePerUnit": "1.2400", "totalPrice": "12.4000", "vatRate": "24.0000",
            "vatAmount": "2.4000", "netAmount": "10.0000", "odometerReadout": "50123",
        ]
        row.merge(changes) { _, new in new }
        try edit([
            "feed": "contract-transactions", "contract": contract, "transactionId": id,
            "day": day, "add": row.compactMapValues { $0 },
        ])
    }

    /// Changes fields of a purchase at the source; values are JSON texts.
    public func amend(
        _ id: String,
        contract: String = "22297",
        _ changes: [String: String]
    ) throws {
        try edit([
            "feed": "contract-transactions", "contract": contract, "transactionId": id,
            "set": changes,
        ])
    }

    private func edit(_ edit: [String: Any]) throws {
        let data = try JSONSerialization.data(withJSONObject: edit)
        try sandbox.control("edit", String(decoding: data, as: UTF8.self))
    }

    /// Makes the next matching requests meet a fault; JSON as docs/sandbox.md has it.
    public func fail(_ faults: String) throws { try sandbox.control("faults", faults) }

    /// The batches in the outbox, oldest first, as paths below the folder.
    public func batches() throws -> [String] {
        let outbox = "\(folder)/outbox"
        guard let paths = FileManager.default.enumerator(atPath: outbox) else { return [] }
        return paths.compactMap { $0 as? String }
            .filter { $0.hasSuffix("/manifest.json") && !$0.hasPrefix(".occ-export") }
            .map { "outbox/" + $0.dropLast("/manifest.json".count) }
            .sorted { number($0) < number($1) }
    }

    /// The manifest of a batch.
    public func manifest(_ batch: String) throws -> BatchManifest {
        let data = Data(try text("\(batch)/manifest.json").utf8)
        return try JSONDecoder().decode(BatchManifest.self, from: data)
    }

    /// The lines of all CSV files of a batch without their header rows, in order of file and line.
    public func lines(_ batch: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(batch)").sorted()
            .filter { $0.hasSuffix(".csv") }
            .flatMap { name in
                try text("\(batch)/\(name)").split(separator: "\r\n").dropFirst().map(String.init)
            }
    }

    private func number(_ batch: String) -> Int {
        batch.split(separator: "_").last.flatMap { Int($0) } ?? 0
    }
}

/// What the tests read of a manifest: the keys of docs/outbox.md that they are about.
public struct BatchManifest: Decodable, Sendable {
    /// Sums of one currency.
    public struct Totals: Decodable, Sendable {
        /// Transactions.
        public let count: Int
        /// Sum of `totalPrice`.
        public let totalPrice: String
        /// Sum of `netAmount`.
        public let netAmount: String
        /// Sum of `vatAmount`.
        public let vatAmount: String
    }

    /// A transaction that is mentioned.
    public struct Mention: Decodable, Sendable {
        /// Its id.
        public let transactionId: String
        /// Why.
        public let reason: String
    }

    /// The batch's number.
    public let number: Int
    /// Transactions carried.
    public let transactions: Int
    /// Sums by currency.
    public let totals: [String: Totals]
    /// Sum of all quantities.
    public let hashTotal: String
    /// Kept back, by reason.
    public let held: [String: Int]
    /// Not mapped.
    public let rejected: [Mention]
    /// Changed after export.
    public let changed: [Mention]
    /// SHA-256 of the manifest before.
    public let previous: String?
}

/// Something secret or personal that a command said.
struct Leak: Error {
    let command: String
    let secret: String
}

/// A partner's place that could not be made.
struct PartnerFailure: Error {
    let says: String
}

extension Partner {
    /// The control totals of that name of a batch's files, in hundredths.
    public func controlTotals(_ batch: String, _ name: String) throws -> [Int] {
        struct Manifest: Decodable {
            struct Resource: Decodable {
                struct Total: Decodable {
                    let name: String
                    let written: String
                }
                let controlTotals: [Total]?
            }
            let resources: [Resource]
        }
        let data = Data(try text("\(batch)/manifest.json").utf8)
        return try JSONDecoder().decode(Manifest.self, from: data).resources
            .flatMap { $0.controlTotals ?? [] }
            .filter { $0.name == name }
            .map { total in
                let parts = total.written.split(separator: ".")
                let decimals = (parts.count > 1 ? parts[1] : "") + "00"
                return Int(parts[0] + decimals.prefix(2)) ?? 0
            }
    }
}

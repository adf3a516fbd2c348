internal import FoundationEssentials
internal import Transactions

/// `.occ-export/records/NUMBER.jsonl`: what a batch is and what it carries, for `reconcile`.
///
/// Consumers may delete manifests at once; nobody deletes these.
public struct BatchRecord: Sendable {
    /// The first line.
    struct Header: Codable {
        var version = 1
        var batch: Int
        var id: String
        var export: String
        var kind: String
        var layout: String
        var name: String
        var manifest: String
        var prepared: Int64
        var files: [File]
        /// `void` when an operator said that it never went out; else absent.
        var state: String?
        /// The running numbers that come next, by name: a rebuilt ledger counts on from them.
        var serials: [String: Int]?
    }

    struct File: Codable {
        var path: String
        var hash: String
        var bytes: Int
        var role: String
    }

    /// One line a row carried.
    struct Line: Codable {
        var feed: String
        var id: String
        var line: Int
        var version: Int
        var role: String
        var fingerprint: String
        var material: String
    }

    /// The batch.
    public let batch: BatchEntry
    /// The rows that it carried.
    public let carried: [Carried]
    /// The running numbers that come next, by name.
    let serials: [String: Int]

    init(_ batch: BatchEntry, carried: [Carried], serials: [String: Int]) {
        self.batch = batch
        self.carried = carried
        self.serials = serials
    }

    /// Writes the record, synced but for its name in the folder.
    ///
    /// - Throws: `DeliveryError` when it cannot be written.
    public func write(to path: String) throws(DeliveryError) {
        let header = Header(
            batch: batch.number,
            id: batch.id,
            export: batch.export,
            kind: batch.kind.rawValue,
            layout: batch.layout.rawValue,
            name: batch.name,
            manifest: batch.manifestHash,
            prepared: batch.prepared.seconds,
            files: batch.files.map {
                File(path: $0.path, hash: $0.hash, bytes: $0.bytes, role: $0.role.rawValue)
            },
            serials: serials.isEmpty ? nil : serials
        )
        var file = try DurableFile(creating: path, code: .outbox)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var bytes: [UInt8]
        do {
            bytes = Array(try encoder.encode(header)) + [0x0A]
        } catch {
            throw DeliveryError(.outbox, path, "cannot be encoded: \(error); report it")
        }
        for row in carried {
            // By hand: 200,000 lines through the encoder cost seconds.
            bytes += Array(
                #"{"feed":"\#(row.key.feed.rawValue)","fingerprint":"\#(hexadecimal(row.fingerprint))","#
                    .utf8
            )
            bytes += Array(#""id":"\#(Self.escaped(row.key.transactionId))","line":"#.utf8)
            bytes += Array(
                #"\#(row.key.line),"material":"\#(hexadecimal(row.material))","#.utf8
            )
            bytes += Array(#""role":"\#(row.role.name)","version":\#(row.version)}"#.utf8)
            bytes.append(0x0A)
            if bytes.count > 262_144 {
                try file.write(bytes)
                bytes.removeAll(keepingCapacity: true)
            }
        }
        try file.write(bytes)
        _ = try file.finish()
    }

    /// Notes in a record what an operator said of its batch.
    ///
    /// It keeps its lines.
    static func note(_ state: BatchEntry.State, in path: String) throws(DeliveryError) {
        guard
            let bytes = try DurableFolder.contents(
                of: path,
                most: RecordReading.largest,
                code: .outbox
            )
        else { return }
        let end = bytes.firstIndex(of: 0x0A) ?? bytes.endIndex
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let first: Data
        do {
            var header = try JSONDecoder().decode(Header.self, from: Data(bytes[..<end]))
            header.state = state == .void ? state.rawValue : nil
            first = try encoder.encode(header)
        } catch {
            throw DeliveryError(
                .operatorMustDecide,
                path,
                "the record is damaged; bring it back from a backup of the outbox"
            )
        }
        try DurableFolder.replace(path, with: Array(first) + bytes[end...], code: .outbox)
    }

    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": escaped += "\\\""
            case "\\": escaped += "\\\\"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                escaped += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    /// Reads a record back.
    ///
    /// - Throws: `DeliveryError` when it is damaged, or says what cannot be true.
    init(reading path: String) throws(DeliveryError) {
        guard try DurableFolder.exists(path, code: .outbox) else {
            throw DeliveryError(
                .operatorMustDecide,
                path,
                "the record is gone; bring it back from a backup of the outbox"
            )
        }
        var reading = RecordReading(path)
        try DurableFolder.read(path, code: .outbox) { piece throws(DeliveryError) in
            try reading.take(piece)
        }
        try self.init(path, &reading)
    }

    /// Reads the bytes of a record as `reconcile` reads the file at a path.
    ///
    /// - Throws: `DeliveryError` when they are damaged, or say what cannot be true.
    public init(_ bytes: [UInt8], path: String) throws(DeliveryError) {
        var reading = RecordReading(path)
        try reading.take(bytes[...])
        try self.init(path, &reading)
    }

    private init(_ path: String, _ reading: inout RecordReading) throws(DeliveryError) {
        let header = try reading.finish()
        guard header.version == 1,
            let kind = BatchEntry.Kind(rawValue: header.kind),
            let layout = BatchEntry.Layout(rawValue: header.layout),
            let prepared = UTCTimestamp(seconds: header.prepared)
        else {
            throw DeliveryError(
                .operatorMustDecide,
                path,
                "the record is of a version that this program does not read; take the program that wrote it, or a newer one"
            )
        }
        batch = BatchEntry(
            number: header.batch,
            id: header.id,
            export: header.export,
            kind: kind,
            layout: layout,
            state: header.state == BatchEntry.State.void.rawValue ? .void : .published,
            name: header.name,
            manifestHash: header.manifest,
            prepared: prepared,
            collected: nil,
            files: header.files.map {
                BatchEntry.File(
                    path: $0.path,
                    hash: $0.hash,
                    bytes: $0.bytes,
                    role: BatchEntry.File.Role(rawValue: $0.role) ?? .data
                )
            }
        )
        carried = reading.carried
        serials = header.serials ?? [:]
    }
}

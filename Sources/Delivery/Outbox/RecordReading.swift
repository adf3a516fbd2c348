internal import FoundationEssentials
internal import Transactions

/// Reads a record piece by piece, and believes nothing of it that cannot be true: others may write to
/// the outbox, and a name that leads out of it would be followed.
struct RecordReading {
    /// The longest line: the first names each file of the batch.
    static let longestLine = 64 << 20
    /// The largest record: four million rows.
    static let largest = 1 << 30
    /// The highest number of a batch; the next one must be a number too.
    static let highestNumber = 999_999_999
    /// The highest running number of documents.
    static let highestSerial = 1 << 53

    /// The first line, once it was read.
    private(set) var header: BatchRecord.Header?
    /// The rows of the other lines.
    private(set) var carried: [Carried] = []
    private let path: String
    private let decoder = JSONDecoder()
    private var bytes: [UInt8] = []
    private var size = 0

    init(_ path: String) { self.path = path }

    /// Takes the next bytes.
    ///
    /// - Throws: `DeliveryError` when they are no record.
    mutating func take(_ piece: ArraySlice<UInt8>) throws(DeliveryError) {
        size += piece.count
        guard size <= Self.largest else { throw cannotBe("it has more than \(Self.largest) bytes") }
        var rest = piece
        while let end = rest.firstIndex(of: 0x0A) {
            bytes += rest[..<end]
            rest = rest[(end + 1)...]
            try line()
        }
        bytes += rest
        guard bytes.count <= Self.longestLine else {
            throw cannotBe("a line has more than \(Self.longestLine) bytes")
        }
    }

    /// Ends the record; its last line need not have an end.
    mutating func finish() throws(DeliveryError) -> BatchRecord.Header {
        try line()
        guard let header else {
            throw DeliveryError(
                .operatorMustDecide,
                path,
                "the record is empty; bring it back from a backup of the outbox"
            )
        }
        return header
    }

    private mutating func line() throws(DeliveryError) {
        guard !bytes.isEmpty else { return }
        do {
            if header == nil {
                let first = try decoder.decode(BatchRecord.Header.self, from: Data(bytes))
                if let objection = first.objection(
                    toStandingIn: DurableFolder.name(of: path)
                ) {
                    throw cannotBe(objection)
                }
                header = first
            } else {
                carried.append(
                    try row(try decoder.decode(BatchRecord.Line.self, from: Data(bytes)))
                )
            }
        } catch let error as DeliveryError {
            throw error
        } catch {
            throw DeliveryError(
                .operatorMustDecide,
                path,
                "the record is damaged; bring it back from a backup of the outbox"
            )
        }
        bytes.removeAll(keepingCapacity: true)
    }

    private func row(_ line: BatchRecord.Line) throws(DeliveryError) -> Carried {
        guard let feed = Feed(rawValue: line.feed), let role = CarriedRole(name: line.role),
            let fingerprint = bytes(of: line.fingerprint), let material = bytes(of: line.material)
        else { throw cannotBe("row \(carried.count + 1) is not understood") }
        let counted = 1...Self.highestNumber
        guard counted.contains(line.line), counted.contains(line.version), !line.id.isEmpty else {
            throw cannotBe("row \(carried.count + 1) has a line or version that none has")
        }
        return Carried(
            key: TransactionKey(feed: feed, transactionId: line.id, line: line.line),
            version: line.version,
            role: role,
            fingerprint: fingerprint,
            material: material
        )
    }

    /// The bytes that hexadecimal digits stand for; nil unless they do.
    private func bytes(of digits: String) -> [UInt8]? {
        guard digits.utf8.count <= 64, digits.utf8.count.isMultiple(of: 2),
            digits.utf8.allSatisfy(isHexadecimal)
        else { return nil }
        var bytes: [UInt8] = []
        var rest = Substring(digits)
        while let byte = UInt8(rest.prefix(2), radix: 16) {
            bytes.append(byte)
            rest = rest.dropFirst(2)
        }
        return bytes
    }

    private func cannotBe(_ what: String) -> DeliveryError {
        DeliveryError(
            .operatorMustDecide,
            path,
            "the record is not one that was written here: \(what); bring it back from a backup of the outbox"
        )
    }
}

private func isHexadecimal(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
}

extension BatchRecord.Header {
    /// What cannot be true of a record in a file of this name; nil when all can.
    func objection(toStandingIn file: String) -> String? {
        guard (1...RecordReading.highestNumber).contains(batch), file == "\(padded(batch)).jsonl"
        else { return "it is of batch \(batch)" }
        guard Self.isPath(name), DurableFolder.name(of: name).hasSuffix("_\(padded(batch))") else {
            return "the batch's name is none"
        }
        guard isHash(manifest), let last = files.last, last.role == "manifest",
            last.hash == manifest,
            last.path == (isFlat ? "\(name).manifest.json" : "\(name)/manifest.json")
        else { return "its manifest is not its last file" }
        guard (serials ?? [:]).values.allSatisfy((0...RecordReading.highestSerial).contains) else {
            return "a running number is none"
        }
        let folder = isFlat ? DurableFolder.parent(of: "/\(name)") : "/\(name)"
        var paths: Set<String> = []
        for (index, file) in files.enumerated() {
            guard Self.isPath(file.path), DurableFolder.parent(of: "/\(file.path)") == folder,
                paths.insert(file.path.lowercased()).inserted
            else { return "file \(index + 1) lies where none of a batch does" }
            guard file.bytes >= 0, isHash(file.hash),
                let role = BatchEntry.File.Role(rawValue: file.role),
                role != .manifest || index == files.count - 1
            else { return "file \(index + 1) is none of a batch" }
        }
        return nil
    }

    private var isFlat: Bool { layout == BatchEntry.Layout.flat.rawValue }

    private func isHash(_ text: String) -> Bool {
        text.utf8.count == 64 && text.utf8.allSatisfy(isHexadecimal)
    }

    /// Whether a path from the outbox on stays in it, and out of what is ours.
    private static func isPath(_ path: String) -> Bool {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        return path.utf8.count <= 4_096 && parts[0].lowercased() != ".occ-export"
            && parts.allSatisfy { part in
                (1...255).contains(part.utf8.count) && part != "." && part != ".."
                    && part.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
            }
    }
}

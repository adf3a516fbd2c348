internal import Crypto
internal import Delivery
internal import FoundationEssentials
internal import Templates

/// The files of a batch read back before TX1: parsed, measured, validated, their amounts added up again.
struct BatchReadBack {
    /// How delimited files are written, and their columns, by name.
    private(set) var tables: [String: Table] = [:]
    /// Size and SHA-256 of what is in packages, by name.
    private(set) var members: [String: (size: Int, hash: String)] = [:]
    /// The schema that each XML file obeys; none where none was there.
    private(set) var validatedBy: [String: String] = [:]
    /// What the invoices of XML files ask to be paid.
    private(set) var invoices = InvoiceTotals()
    /// Schemas are read once for all files of the batch.
    private var schemas: [[String]: XMLSchemas] = [:]
    private let staged: StagedBatch

    /// Reads every file, those in packages too.
    ///
    /// - Throws: `RenderingError`, `Diagnostic` or `DeliveryError` that says which figure differs.
    init(
        _ rendering: Rendering,
        _ staged: StagedBatch,
        _ plan: Plan,
        batch: BatchContext,
        makesInvoices: Bool
    ) throws {
        self.staged = staged
        try checkPackages(rendering)
        for file in rendering.files {
            guard file.kind != "xml" else {
                try readXML(file, addsUp: makesInvoices)
                continue
            }
            let found = try plan.readBack(file, batch: batch, from: source(of: file))
            guard file.kind == "delimited" else { continue }
            tables[file.name] = Table(
                file,
                plan,
                firstRecord: found.firstRecord,
                lineEnd: found.hasCarriageReturns ? "\r\n" : "\n"
            )
        }
    }

    private func source(of file: RenderedFile) -> ByteSource {
        guard let package = file.package else { return bytes(of: file.name) }
        return ZipReader.member(file.name, of: package, bytes(of: package))
    }

    private func bytes(of name: String) -> ByteSource {
        let path = staged.path(of: name)
        return { take in
            // What takes the bytes may fail too, and its error is the one to tell.
            var failure: (any Error)?
            try DurableFolder.read(path, code: .outbox) { piece in
                guard failure == nil else { return }
                do { try take(piece) } catch { failure = error }
            }
            if let failure { throw failure }
        }
    }

    /// Unpacks each package from its first byte to its last.
    private mutating func checkPackages(_ rendering: Rendering) throws {
        for package in Set(rendering.files.compactMap(\.package)).sorted() {
            var sums: [String: (size: Int, hash: SHA256)] = [:]
            let members = try ZipReader.members(of: package, bytes(of: package)) { name, bytes in
                sums[name, default: (0, SHA256())].size += bytes.count
                sums[name]?.hash.update(data: bytes)
            }
            for name in members {
                let sum = sums[name] ?? (0, SHA256())
                self.members[name] = (sum.size, hexadecimal(sum.hash.finalize()))
            }
            let wanted = rendering.files.filter { $0.package == package }.map(\.name)
            guard members == wanted else {
                throw DeliveryError(
                    differenceIn: package,
                    "read back with the members \(members.joined(separator: ", ")); written were \(wanted.joined(separator: ", ")); look at the disk"
                )
            }
        }
    }

    private mutating func readXML(_ file: RenderedFile, addsUp: Bool) throws {
        var bytes: [UInt8] = []
        let source = source(of: file)
        try source { bytes += $0 }
        let known = try schemas[file.schemas] ?? XMLSchemas(file.schemas)
        schemas[file.schemas] = known
        validatedBy[file.name] = try known.check(bytes, file: file.name)
        if addsUp { try invoices.add(bytes, file: file.name) }
    }
}

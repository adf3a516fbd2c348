public import Transactions

/// What consumers have taken: noticed at each run, by looking, never by asking them.
public struct Collection: Sendable {
    /// How a batch was found to be taken.
    public enum Sign: String, Sendable {
        /// Its files, or some of them, are gone or have other names.
        case gone
        /// A file is there and is no longer what was published: taken over in place, as SIE importers do.
        case changed
        /// A consumer put a file `.ack` beside it.
        case acknowledged
    }

    /// The batches that are taken, and how that was seen.
    public private(set) var taken: [(batch: BatchEntry, sign: Sign)] = []
    /// The batches that lie there as they were published.
    public private(set) var waiting: [BatchEntry] = []

    /// Looks at each published batch that was not yet known to be collected.
    public init(_ outbox: Outbox, _ ledger: Ledger) throws(DeliveryError) {
        for batch in try ledger.batches(onlyOpen: true) where batch.state == .published {
            if let sign = try Self.sign(of: batch, outbox) {
                taken.append((batch, sign))
            } else {
                waiting.append(batch)
            }
        }
    }

    private static func sign(of batch: BatchEntry, _ outbox: Outbox) throws(DeliveryError) -> Sign?
    {
        var acknowledgements = ["\(batch.name).ack", "\(batch.manifestPath).ack"]
        if batch.layout == .directory { acknowledgements.append("\(batch.name)/.ack") }
        for path in acknowledgements
        where try DurableFolder.exists("\(outbox.path)/\(path)", code: .outbox) {
            return .acknowledged
        }
        for file in batch.files where file.role == .data || file.role == .manifest {
            let path = "\(outbox.path)/\(file.path)"
            guard let size = try DurableFolder.size(of: path, code: .outbox) else { return .gone }
            if try DurableFolder.exists("\(path).ack", code: .outbox) { return .acknowledged }
            // SIE importers change one digit in place (#FLAGGA), so that the size tells nothing.
            guard size == file.bytes, try FileHash.of(path, code: .outbox).hash == file.hash else {
                return .changed
            }
        }
        return nil
    }

    /// Days that a batch has been lying there.
    public static func days(_ batch: BatchEntry, until instant: UTCTimestamp) -> Int {
        Int((instant.seconds - batch.prepared.seconds) / 86_400)
    }
}

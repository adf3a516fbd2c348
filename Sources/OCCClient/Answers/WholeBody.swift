internal import NIOCore

/// A small answer, kept whole.
struct WholeBody: AnswerReading {
    /// More contract numbers than any partner has: 1 MiB.
    private static let most = 1 << 20

    private let operation: String
    private var bytes: [UInt8] = []

    init(of operation: String) { self.operation = operation }

    mutating func take(_ chunk: ByteBufferView) throws(OCCClientError) {
        guard bytes.count + chunk.count <= Self.most else {
            throw OCCClientError(
                .notUnderstood,
                "the answer is larger than \(Self.most) bytes",
                operation: operation,
                status: 200
            )
        }
        bytes.append(contentsOf: chunk)
    }

    mutating func finish() -> [UInt8] { bytes }

    mutating func discard() { bytes = [] }
}

internal import Synchronization
public import Transactions

extension OCCClient {
    /// A whole answer for one window.
    public struct Slice: Sendable {
        /// The window asked for.
        public let window: Window
        /// Its transactions, in the answer's order; byte-equal rows only once.
        public var transactions: [Transaction] = []
        /// Rows that are no transactions.
        public var rejected: [RejectedRow] = []
        /// How many rows the answer had, in all.
        public var rows = 0
        /// What was odd and taken, each once.
        public var warnings: [String] = []
    }

    /// The contract numbers that the access id may see, sorted, each once (trap 28).
    public func contractNumbers() async throws -> [String] {
        let request = APIRequest.contractNumbers(configuration)
        try await pauseBetweenRequests()
        let answer = try await sender.send(request) { _ in WholeBody(of: request.operation) }
        func notUnderstood(_ message: String) -> OCCClientError {
            OCCClientError(.notUnderstood, message, operation: request.operation, status: 200)
        }
        var list: JSONValue
        do throws(JSONProblem) {
            list = try JSONCursor.value(of: answer[...])
        } catch {
            throw notUnderstood("the answer is no strict JSON: \(error.message)")
        }
        if case .object(let members) = list {
            let envelope = Envelope(members)
            if let problem = envelope.problem {
                throw OCCClientError(
                    problem.kind == .refused ? .refused : .notUnderstood,
                    problem.description,
                    operation: request.operation,
                    status: 200
                )
            }
            list = envelope.data ?? .null
        }
        guard case .array(let elements) = list else {
            throw notUnderstood("the answer has no list of contract numbers")
        }
        var numbers: Set<String> = []
        for element in elements {
            let text: String
            switch element {
            case .string(let bytes): text = String(decoding: bytes, as: UTF8.self)
            case .number(let digits): text = String(decoding: digits, as: UTF8.self)
            default: throw notUnderstood("the list of contract numbers holds more than texts")
            }
            // Trap 9: what would need encoding is refused rather than guessed.
            guard ClientConfiguration.isContractNumber(text) else {
                throw notUnderstood(
                    "contract number '\(printable(String(text.prefix(80))))' has characters that "
                        + "need encoding; only letters, digits and . _ - are known"
                )
            }
            numbers.insert(text)
        }
        return numbers.sorted()
    }

    /// Sets the lists of bonus cards: the only operation that writes.
    ///
    /// Status 200 is success, whatever the body says (trap 49).
    public func defineBonuscards(regular: [String], premium: [String]) async throws {
        let request = APIRequest.defineBonuscards(
            regular: regular,
            premium: premium,
            configuration
        )
        try await pauseBetweenRequests()
        _ = try await sender.send(request) { _ in WholeBody(of: request.operation) }
    }

    /// What `doctor` shows of a request for the contract numbers.
    public struct Probe: Sendable {
        /// The text that is signed; it holds no secret.
        public let canonicalString: String
        /// The contracts, or why there are none.
        public let contracts: Result<[String], any Error>
    }

    /// Asks for the contract numbers and says what was signed.
    public func probe() async throws -> Probe {
        let request = APIRequest.contractNumbers(configuration)
        let signed = sender.signer.canonicalString(
            target: request.uri,
            body: request.body,
            date: HTTPDate.text(clock.now())
        )
        do {
            return Probe(canonicalString: signed, contracts: .success(try await contractNumbers()))
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            let shown = (error as? OCCClientError)?.canonicalString
            return Probe(canonicalString: shown ?? signed, contracts: .failure(error))
        }
    }

    /// Trap 23: requests are some time apart; the first one waits for nothing.
    func pauseBetweenRequests() async throws {
        let isFirst = memory.withLock { memory in
            defer { memory.hasSent = true }
            return !memory.hasSent
        }
        if !isFirst, configuration.pause > 0 { try await clock.sleep(configuration.pause) }
    }
}

internal import ArgumentParser
internal import Delivery
internal import OCCClient
internal import Templates

extension ExitStatus {
    /// The status that an error means: the only place where errors become statuses.
    init(_ error: any Error) {
        switch error {
        case is Diagnostic: self = .configuration
        case is RenderingError, is DataError: self = .data
        case is GapError: self = .operatorMustDecide
        case let error as RunError: self = error.status
        case is ValidationError, is DeliveryWindowError: self = .usage
        case is CancellationError: self = .terminated
        case let error as DoctorError: self = ExitStatus(error.underlying)
        case let error as SetupError:
            self =
                switch error {
                case .noState, .stagingGone: .operatorMustDecide
                case .stateNotWritable, .stateFull: .inputOutput
                case .folderNotWritable, .outboxFull: .outbox
                }
        case let error as OCCClientError:
            self =
                switch error.code {
                case .unreachable: .unreachable
                case .refused, .clock: .refused
                case .notUnderstood: .data
                default: .configuration
                }
        case let error as DeliveryError:
            self =
                switch error.code {
                case .outbox: .outbox
                case .locked: .locked
                case .operatorMustDecide: .operatorMustDecide
                case .difference: .data
                default: .inputOutput
                }
        default: self = .unexpected
        }
    }
}

/// An error as `--output json` shows it.
private struct FailureReport: Encodable {
    let error: String
    let status: Int32
    let statusName: String
}

extension Console {
    /// Runs a command; an error is told in its own words and becomes an exit status.
    func run(_ work: () async throws -> ExitStatus) async throws {
        let status: ExitStatus
        do {
            try Environment.check()
            status = try await work()
        } catch let error as ExitCode {
            throw error
        } catch {
            status = ExitStatus(error)
            clearProgress()
            if let diagnostic = error as? Diagnostic, showsProgress {
                note(diagnostic.threeLines)
            } else {
                note("error: \(error)")
            }
            if let others = (error as? Diagnostic)?.others, others > 0 {
                note("and \(others) more; 'occ-export template check' names all")
            }
            if format == .json {
                try result(
                    FailureReport(
                        error: "\(error)",
                        status: status.rawValue,
                        statusName: status.name
                    )
                ) { "" }
            }
        }
        if status != .done { throw status.code }
    }
}

internal import Delivery
internal import Dispatch
internal import Glibc
internal import Synchronization

/// SIGTERM and SIGINT, noted and looked at between steps, never within a publication.
enum Interruption {
    private static let received = Atomic<Int32>(0)
    private static let sources: [any DispatchSourceSignal] = [SIGTERM, SIGINT].map { number in
        // signal(7): the default would end the process at once; the source only notes it.
        unsafe signal(number, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
        source.setEventHandler { received.store(number, ordering: .relaxed) }
        source.resume()
        return source
    }

    /// Begins to listen.
    static func listen() { _ = sources.count }

    /// Whether the run should end at the next border between steps.
    static var isRequested: Bool { received.load(ordering: .relaxed) != 0 }

    /// The status of an interrupted run.
    static var status: ExitStatus {
        received.load(ordering: .relaxed) == SIGINT ? .interrupted : .terminated
    }
}

/// Crashes on request, so that tests can see what the next run makes of it.
enum Rehearsal {
    /// Ends the process as a power cut would, behind the step that `OCC_EXPORT_CRASH_AFTER` names.
    static func checkpoint(_ step: Publication.Step) {
        guard Environment.variables["OCC_EXPORT_CRASH_AFTER"] == step.rawValue else { return }
        kill(getpid(), SIGKILL)
    }
}

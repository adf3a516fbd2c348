internal import CSystemCalls
internal import Delivery
internal import Glibc

/// SIGTERM and SIGINT, noted and looked at between steps, never within a publication.
enum Interruption {
    /// Begins to note them; without this the default would end the process at once.
    static func listen() { occ_note_signals() }

    /// Whether the run should end at the next border between steps.
    static var isRequested: Bool { occ_noted_signal() != 0 }

    /// The status of an interrupted run.
    static var status: ExitStatus { occ_noted_signal() == SIGINT ? .interrupted : .terminated }
}

/// Crashes on request, so that tests can see what the next run makes of it.
enum Rehearsal {
    /// Ends the process as a power cut would, behind the step that `OCC_EXPORT_CRASH_AFTER` names.
    static func checkpoint(_ step: Publication.Step) {
        guard Environment.variables["OCC_EXPORT_CRASH_AFTER"] == step.rawValue else { return }
        kill(getpid(), SIGKILL)
    }
}

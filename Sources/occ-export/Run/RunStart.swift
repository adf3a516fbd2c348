internal import Delivery
internal import Logging
internal import OCCClient
internal import Templates

/// What a run needs before it begins.
struct RunStart {
    let plans: [ExportPlan]
    let key: PreSharedKey
    let store: Store

    /// Proves the templates, finds the key, takes the locks.
    ///
    /// What fails here is noted as a run that failed, wherever there is a ledger to note it in, so that
    /// `status` tells of a night on which nothing began.
    init(_ setup: Setup, exports: [String] = [], _ logger: Logger) throws {
        do {
            plans = try setup.plans(named: exports)
            key = try setup.key()
            store = try Store(setup.configuration)
        } catch {
            do {
                try Self.note(error, setup.configuration)
            } catch let other {
                // What kept the run from beginning matters more, and most likely keeps this too.
                logger.error("that this run failed could not be recorded: \(other); mend that too")
            }
            throw error
        }
    }

    /// Notes a failed run in the ledger, unless another run is under way or the ledger is not to be touched.
    private static func note(_ cause: any Error, _ configuration: Configuration) throws {
        let state = configuration.state
        guard ExitStatus(cause) != .locked, try Ledger.exists(in: state),
            try configuration.allowsNetworkState
                || !DurableFolder.isOnNetworkShare(state, code: .inputOutput)
        else { return }
        let lock: FileLock
        do throws(DeliveryError) {
            lock = try FileLock("\(state)/lock", code: .inputOutput)
        } catch {
            guard error.code == .locked else { throw error }
            // The other run has its own entry, which is the one to look at.
            return
        }
        try withExtendedLifetime(lock) {
            let ledger = try Ledger(in: state)
            let run = try ledger.beginRun(at: Environment.now(), Archive(in: state))
            var report = RunReport()
            report.error = "\(cause)"
            report.status = ExitStatus(cause).name
            try ledger.failRun(run, status: report.status)
            try report.keep(in: state, of: run)
        }
    }
}

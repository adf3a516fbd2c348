internal import GRDB
public import Transactions

extension Ledger {
    /// Hours between two runs that must both miss a transaction (API document, trap 47).
    static let vanishingSeconds: Int64 = 12 * 3_600

    /// Records what the API said, in one commit (TX0); its answers are synced in the archive before.
    ///
    /// It says what the API said, never what was exported.
    public func record(_ answered: Answered, run: Int64, at instant: UTCTimestamp)
        throws(DeliveryError) -> RecordOutcome
    {
        try write { database in
            var recording = try Recording(database, answered, instant)
            try recording.keepAnswers(run)
            try recording.merge()
            try recording.findMissing()
            try recording.setAside()
            return recording.outcome
        }
    }
}

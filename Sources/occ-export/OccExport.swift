internal import ArgumentParser

/// The program: one subcommand a file in Commands/.
@main
struct OccExport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "occ-export",
        abstract: "Exports fuel-card, bonus-card and EV-charging transactions to accounting files.",
        discussion: """
            Fetches the transactions of a partner from the OCC Partners API, maps them through \
            templates and publishes the files, complete and only once, to an outbox directory.

            The first time:
              occ-export init              create the ledger and the outbox
              occ-export doctor            check configuration, key, clock, permissions
              occ-export run --dry-run     see what a run would publish
            Every night:
              occ-export run

            All commands read occ-export.yaml in the working directory, the file named by \
            --config, or the one named by the environment variable OCC_EXPORT_CONFIG.

            Exit status: 0 done, or nothing to do; 3 done in part; 4 an operator must decide; \
            64 usage; 65 data not understood or a difference found; 69 API unreachable; \
            73 outbox; 74 ledger or other I/O; 75 another run holds the lock; 77 refused by the \
            API; 78 configuration or template invalid; 130, 143 interrupted.
            """,
        version: Program.version,
        subcommands: [
            InitCommand.self, RunCommand.self, FetchCommand.self, RenderCommand.self,
            TemplateCommand.self, ExpressionCommand.self, ContractsCommand.self,
            BonuscardsCommand.self, StatusCommand.self, VerifyCommand.self, ExplainCommand.self,
            ReissueCommand.self, ResolveCommand.self, ReconcileCommand.self, BackupCommand.self,
            PurgeCommand.self, DoctorCommand.self, InvoiceCommand.self,
        ]
    )

    static func main() async {
        do {
            try Confinement.enter()
        } catch {
            exit(withError: error)
        }
        await main(nil)
    }
}

/// What the program says of itself.
enum Program {
    /// The version, as in CHANGELOG.md.
    static let version = "0.1.0"
}

internal import ArgumentParser
internal import Templates
internal import Transactions

/// `template check`: proves the templates of the configuration, or one with given parameters.
struct TemplateCheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Prove templates without fetching anything.",
        discussion: """
            A template that stands alone is checked with the parameters and lookups of its first test; where it \
            has no test, with empty lookups and with values of the parameters' types.

            Examples:
              occ-export template check                                   all of the configuration
              occ-export template check templates/accountant-csv          one, with its first test's inputs
              occ-export template check --strict templates/*              warnings fail too

            All mistakes of all templates are told at once, the first 50 of them.

            Exit status: 0 all hold; 78 one does not, with the place and the cure.
            """
    )

    @OptionGroup var output: OutputOptions
    @OptionGroup var file: ConfigurationOptions

    @Argument(help: "Template folders; none for the configuration's exports.")
    var templates: [String] = []

    @Flag(help: "Let warnings fail too.")
    var strict = false

    /// The most mistakes, and the most warnings, that are told at once.
    private static let mostTold = 50

    /// Checks a template as its first test has it, or without anything that an export gives.
    private func check(_ folder: String, _ findings: Findings) throws -> Plan {
        if let test = try TemplateTest.all(in: folder).first {
            return try test.plan(findings: findings)
        }
        return try Plan(
            template: try Template(folder: folder, findings: findings),
            parameters: nil,
            lookups: [:],
            owner: nil,
            timeZone: try TimeZoneRules(identifier: "Europe/Tallinn"),
            when: nil,
            programVersion: Program.version,
            standingIn: true,
            findings: findings
        )
    }

    private struct Report: Encodable {
        let checked: Int
        let errors: [String]
        let warnings: [String]
    }

    func run() async throws {
        let console = output.console
        try await console.run {
            let checks: [(Findings) throws -> Plan]
            if templates.isEmpty {
                let configuration = try Setup(file).configuration
                checks = configuration.exports.map { export in
                    {
                        try ExportPlan(export, timeZone: configuration.timeZone, findings: $0).plan
                    }
                }
            } else {
                checks = templates.map { folder in { try check(folder, $0) } }
            }
            var (errors, warnings): ([Diagnostic], [Diagnostic]) = ([], [])
            for check in checks {
                let findings = Findings()
                do {
                    let plan = try check(findings)
                    note(plan, console)
                    plan.proveSkeletons(findings)
                } catch let error as Diagnostic {
                    findings.report(error)
                }
                errors += Self.inOrder(findings.errors).filter { !errors.contains($0) }
                warnings += Self.inOrder(findings.warnings).filter { !warnings.contains($0) }
            }
            tell(errors, "mistakes", prefix: "error: ", console)
            tell(warnings, "warnings", prefix: "", console)
            try console.result(
                Report(
                    checked: checks.count,
                    errors: errors.map(\.oneLine),
                    warnings: warnings.map(\.oneLine)
                )
            ) {
                Self.count(checks.count, "template") + " checked, "
                    + (errors.isEmpty ? "" : Self.count(errors.count, "mistake") + ", ")
                    + Self.count(warnings.count, "warning")
            }
            return !errors.isEmpty || strict && !warnings.isEmpty ? .configuration : .done
        }
    }

    private func note(_ plan: Plan, _ console: Console) {
        guard !plan.standIns.isEmpty else { return }
        console.note(
            "\(plan.template.folder): checked without \(plan.standIns.joined(separator: ", ")); "
                + "tests/NAME/parameters.yaml and tests/NAME/lookups/LOOKUP.csv give them"
        )
    }

    private func tell(
        _ diagnostics: [Diagnostic],
        _ noun: String,
        prefix: String,
        _ console: Console
    ) {
        for diagnostic in diagnostics.prefix(Self.mostTold) {
            console.note(
                console.showsProgress ? diagnostic.threeLines : prefix + diagnostic.oneLine
            )
        }
        guard diagnostics.count > Self.mostTold else { return }
        console.note("and \(diagnostics.count - Self.mostTold) more \(noun)")
    }

    /// By their places, files in the order met.
    private static func inOrder(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
        var files: [String: Int] = [:]
        for diagnostic in diagnostics where files[diagnostic.file] == nil {
            files[diagnostic.file] = files.count
        }
        return diagnostics.sorted {
            (files[$0.file] ?? 0, $0.line, $0.column) < (files[$1.file] ?? 0, $1.line, $1.column)
        }
    }

    private static func count(_ number: Int, _ noun: String) -> String {
        "\(number) \(noun)\(number == 1 ? "" : "s")"
    }
}

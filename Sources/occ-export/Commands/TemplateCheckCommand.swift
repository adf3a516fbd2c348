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

            Exit status: 0 all hold; 78 one does not, with the place and the cure.
            """
    )

    @OptionGroup var output: OutputOptions
    @OptionGroup var file: ConfigurationOptions

    @Argument(help: "Template folders; none for the configuration's exports.")
    var templates: [String] = []

    @Flag(help: "Let warnings fail too.")
    var strict = false

    /// A template as its first test has it, or without anything that an export gives.
    private func plan(_ folder: String) throws -> Plan {
        if let test = try TemplateTest.all(in: folder).first { return try test.plan() }
        return try Plan(
            template: try Template(folder: folder),
            parameters: nil,
            lookups: [:],
            owner: nil,
            timeZone: try TimeZoneRules(identifier: "Europe/Tallinn"),
            when: nil,
            programVersion: Program.version,
            standingIn: true
        )
    }

    private struct Report: Encodable {
        let checked: Int
        let warnings: [String]
    }

    func run() async throws {
        let console = output.console
        try await console.run {
            let plans: [Plan]
            if templates.isEmpty {
                plans = try Setup(file).plans().map(\.plan)
            } else {
                plans = try templates.map(plan)
            }
            for plan in plans where !plan.standIns.isEmpty {
                console.note(
                    "\(plan.template.folder): checked without \(plan.standIns.joined(separator: ", ")); "
                        + "tests/NAME/parameters.yaml and tests/NAME/lookups/LOOKUP.csv give them"
                )
            }
            let warnings = plans.flatMap(\.warnings)
            for warning in warnings {
                console.note(console.showsProgress ? warning.threeLines : warning.oneLine)
            }
            try console.result(
                Report(checked: plans.count, warnings: warnings.map(\.oneLine))
            ) {
                "\(plans.count) \(plans.count == 1 ? "template" : "templates") checked, "
                    + "\(warnings.count) \(warnings.count == 1 ? "warning" : "warnings")"
            }
            return strict && !warnings.isEmpty ? .configuration : .done
        }
    }
}

internal import ArgumentParser
internal import Templates

/// `template test`: renders the tests of templates and compares the files byte for byte.
struct TemplateTestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Render a template's own tests and compare the files.",
        discussion: """
            A test is a folder tests/NAME with transactions.json, parameters.yaml, lookups/NAME.csv, \
            invoice.yaml (the invoice section of an export) and expected/ with the exact files. Rows \
            that are meant to be rejected or held stand in expected/NOTES, a line each.

            --record writes what is rendered as expected. It still ends with status 65, so that \
            nobody records without looking: read the difference, run the test once more.

            Examples:
              occ-export template test templates/*
              occ-export template test --record templates/accountant-csv

            Exit status: 0 all as expected; 65 something differs, or a template has no test; \
            78 a template does not hold.
            """
    )

    @OptionGroup var output: OutputOptions

    @Argument(help: "Template folders.")
    var templates: [String]

    @Flag(help: "Write what is rendered as expected; differences still count as failures.")
    var record = false

    private struct Report: Encodable {
        struct Failure: Encodable {
            let test: String
            let file: String?
            let reason: String
            let difference: String?
        }
        let passed: Int
        let recorded: Bool
        let failures: [Failure]
    }

    func run() async throws {
        let console = output.console
        try await console.run {
            var passed = 0
            var failures: [Report.Failure] = []
            var isInvalid = false
            for folder in templates {
                // One template that does not hold must not hide what is wrong with the others.
                do {
                    let tests = try TemplateTest.all(in: folder)
                    if tests.isEmpty {
                        failures.append(
                            .init(
                                test: folder,
                                file: nil,
                                reason: "has no tests; add tests/basic/transactions.json and run "
                                    + "template test --record",
                                difference: nil
                            )
                        )
                    }
                    for test in tests {
                        let found = try test.differences(recording: record)
                        if found.isEmpty { passed += 1 }
                        failures += found.map {
                            .init(
                                test: test.folder,
                                file: $0.file,
                                reason: $0.reason,
                                difference: $0.difference
                            )
                        }
                    }
                } catch let error as DataError {
                    failures.append(
                        .init(test: folder, file: nil, reason: "\(error)", difference: nil)
                    )
                } catch let error as Diagnostic {
                    isInvalid = true
                    failures.append(
                        .init(
                            test: folder,
                            file: nil,
                            reason: console.showsProgress ? error.threeLines : error.oneLine,
                            difference: nil
                        )
                    )
                }
            }
            let report = Report(
                passed: passed,
                recorded: record && !failures.isEmpty,
                failures: failures
            )
            try console.result(report) {
                var lines: [String] = []
                for failure in failures {
                    if let difference = failure.difference {
                        lines.append(difference)
                    } else if let file = failure.file {
                        lines.append("\(file): \(failure.reason)")
                    } else {
                        lines.append("\(failure.test): \(failure.reason)")
                    }
                }
                lines.append(
                    "\(passed) \(passed == 1 ? "test" : "tests") passed, \(failures.count) "
                        + (failures.count == 1 ? "difference" : "differences")
                )
                if record, !failures.isEmpty {
                    lines.append("recorded: read what changed, then test once more")
                }
                return lines.joined(separator: "\n")
            }
            return isInvalid ? .configuration : failures.isEmpty ? .done : .data
        }
    }
}

import Foundation
import TestSupport
import Testing

/// The official schemas and rules, checked by a program that was not written with this one.
enum OfficialRules {
    /// The program; nil where it is not beside the checkout.
    static let program: String? = {
        let places = [
            ProcessInfo.processInfo.environment["OCC_EINVOICE_VALIDATE"],
            "\(Checkout.path)/../shared/checks/einvoice/validate",
        ]
        return places.compactMap { $0 }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }()

    /// What the program found in one document.
    struct Finding: Hashable {
        let file: String
        let rule: String
    }

    /// Checks documents: every rule that one of them breaks.
    static func findings(_ arguments: [String], _ documents: [(name: String, text: String)])
        async throws -> [Finding]
    {
        try await withTemporaryDirectory { folder in
            var files: [String] = []
            for (name, text) in documents {
                let file = "\(folder)/\(name)"
                try Data(text.utf8).write(to: URL(fileURLWithPath: file))
                files.append(file)
            }
            let program = try #require(program)
            let result = try run(program, arguments + files)
            // 0: all valid; 1: some are not; others mean that nothing was checked.
            guard result.status < 2 else {
                throw SampleInvoices.Refused(description: result.error + result.output)
            }
            var findings: [Finding] = []
            var file = ""
            var valid = 0
            for line in result.output.split(separator: "\n") {
                let words = line.split(whereSeparator: \.isWhitespace).map(String.init)
                guard words.count > 2 else { continue }
                if words[0] == "valid" || words[0] == "INVALID" {
                    file = words[2].split(separator: "/").last.map(String.init) ?? ""
                    valid += words[0] == "valid" ? 1 : 0
                } else if line.hasPrefix("    ") {
                    // `XSD line 12: ...`, `CEN BR-01 /Invoice ...`
                    findings.append(
                        Finding(file: file, rule: words[1] == "line" ? "XSD" : words[1])
                    )
                }
            }
            #expect(valid + Set(findings.map(\.file)).count == documents.count)
            return findings
        }
    }
}

extension Trait where Self == ConditionTrait {
    /// Skips, and says why, where the official rules are not at hand.
    static var officialRules: Self {
        .enabled(
            if: OfficialRules.program != nil,
            "the validator with the official rules is not beside the checkout; set OCC_EINVOICE_VALIDATE"
        )
    }
}

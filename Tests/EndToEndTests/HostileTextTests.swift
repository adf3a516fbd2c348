internal import Foundation
import TestSupport
import Testing

/// Texts that others wrote, on the operator's terminal and in the log.
struct `What others wrote` {
    /// Ids that clear a terminal, turn the direction of what follows, and forge a line of the log.
    private static let ids = [
        #"7\u001b[2J"#, #"7\u202e"#, #"7\u009b2J"#, #"7\u2028"#, #"7\r"#,
        #"7\nbatch 2026-11-24_forged_000001 was published"#,
    ]

    /// What a terminal would act on, but for the ends of lines.
    private func acting(_ text: String) -> [String] {
        text.unicodeScalars.compactMap { scalar in
            switch scalar.value {
            case 0x09, 0x0A: nil
            case ..<0x20, 0x7F...0x9F, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069:
                String(scalar.value, radix: 16)
            default: nil
            }
        }
    }

    @Test(arguments: ["text", "json"])
    func `is shown and not acted on, and makes no line of its own`(_ output: String) async throws {
        try await Partner.with { partner in
            for (index, id) in Self.ids.enumerated() {
                var changes: [String: String?] = ["transactionId": "\"\(id)\""]
                // Every other one cannot be read.
                if !index.isMultiple(of: 2) { changes["totalPrice"] = .some(nil) }
                try partner.sell("\(7_000_000_001 + index)", changes)
            }
            for arguments in [
                ["run", "--verbose"], ["status"], ["resolve"], ["verify"], ["run", "--dry-run"],
                ["explain", "--transaction", "7\u{202e}"],
                ["explain", "--transaction", "7\u{1b}[2J"],
                ["template", "check", "no\u{1b}[2J"],
            ] {
                let result = try run(
                    Checkout.program("occ-export"),
                    arguments + ["--output", output],
                    environment: ["OCC_EXPORT_NOW": Partner.now],
                    in: partner.folder
                )
                for text in [result.output, result.error] {
                    // In JSON direction marks may stand in a text, control characters never.
                    let found = acting(text).filter { output == "text" || $0.count < 3 }
                    #expect(found.isEmpty, "\(arguments): \(text)")
                    for line in text.split(separator: "\n") {
                        #expect(
                            !line.hasPrefix("batch 2026-11-24_forged"),
                            "\(arguments): \(text)"
                        )
                    }
                }
            }
            let status = try partner.occExport("status")
            #expect(status.output.contains(#"transaction 7\u{202e}: "#), "\(status.output)")
            #expect(status.output.contains(#"transaction 7\u{a}batch"#), "\(status.output)")
        }
    }
}

internal import Foundation
import TestSupport
import Testing

/// Each message of the operator's commands in the situation that it is about.
struct `What commands say` {
    private static let template = """
        version: 1
        title: Ids
        format: { kind: delimited, line_end: lf }
        files:
          - name: ids_${batch.number}.csv
            records:
              - { id: row, for_each: transactions, fields: [{ name: id, value: transactionId }] }
        """

    private static func with(_ body: (Partner) throws -> Void) async throws {
        try await Partner.with(exports: "  - { name: list, template: list, start: 2026-07-01 }") {
            partner in
            try FileManager.default.createDirectory(
                atPath: "\(partner.folder)/list",
                withIntermediateDirectories: false
            )
            try partner.write("list/template.yaml", template)
            try partner.sell("7000000001")
            let night = try partner.occExport("run")
            #expect(night.status == 0, "\(night.output)\(night.error)")
            try body(partner)
        }
    }

    private static let openings = [
        "", "error: ", "Error: ", "warning: ", "notice: ", "attention: ",
    ]

    /// Runs each command at a copy of the place.
    private static func check(_ messages: [OperatorMessage]) async throws {
        try await with { partner in
            for (index, message) in messages.enumerated() {
                let copy = "\(partner.folder)-\(index)"
                let copied = try run("/bin/cp", ["-a", partner.folder, copy])
                #expect(copied.status == 0, "\(copied.error)")
                defer { _ = try? run("/bin/rm", ["-r", copy]) }
                let batch = "outbox/2026-11-24_list_000001"
                let result = try run(
                    "/bin/sh",
                    ["-c", message.command],
                    environment: [
                        "OCC": Checkout.program("occ-export"), "B": batch,
                        "OCC_EXPORT_NOW": Partner.now,
                    ],
                    in: copy
                )
                #expect(result.status == message.status, "\(message.command)\n\(result.error)")
                let wanted = message.says.replacing("PATH", with: batch)
                let lines = (result.output + result.error).split(separator: "\n")
                #expect(
                    lines.contains { line in openings.contains { line == $0 + wanted } },
                    "\(message.command)\nsays: \(result.output)\(result.error)"
                )
            }
        }
    }

    @Test func `of ledger and outbox that are not there, or not a pair`() async throws {
        try await Self.check(OperatorMessage.surroundings)
    }

    @Test func `of a run that cannot be done as asked`() async throws {
        try await Self.check(OperatorMessage.runs)
    }

    @Test func `of what wants attention`() async throws {
        try await Self.check(OperatorMessage.statuses)
    }

    @Test func `of an outbox that is not as it was published`() async throws {
        try await Self.check(OperatorMessage.verifications)
    }

    @Test func `of lines, batches and values of which nothing is known`() async throws {
        try await Self.check(OperatorMessage.explanations)
    }

    @Test func `of decisions, with and without anything to decide`() async throws {
        try await Self.check(OperatorMessage.decisions)
    }
}

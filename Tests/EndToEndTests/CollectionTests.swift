internal import Foundation
import TestSupport
import Testing

/// What consumers do with batches, and that it is noticed: docs/outbox.md, "How to collect".
struct `Collected batches` {
    /// What a consumer does; a shell command in the outbox, where `$NAME` is the batch, `$DATA` its data
    /// file and `$MANIFEST` its manifest.
    struct Way: CustomTestStringConvertible, Sendable {
        let layout: String
        let does: String
        let command: String
        let sign: String
        var testDescription: String { "\(layout): \(does)" }
    }

    private static let ways = [
        Way(layout: "directory", does: "moves the folder", command: "mv $NAME ..", sign: "gone"),
        Way(
            layout: "directory",
            does: "files the folder away in the outbox",
            command: "mkdir done && mv $NAME done",
            sign: "gone"
        ),
        Way(layout: "directory", does: "deletes it", command: "rm -r $NAME", sign: "gone"),
        Way(layout: "directory", does: "deletes the data file", command: "rm $DATA", sign: "gone"),
        Way(
            layout: "directory",
            does: "renames the folder",
            command: "mv $NAME $NAME.done",
            sign: "gone"
        ),
        Way(
            layout: "directory",
            does: "renames the data file",
            command: "mv $DATA $DATA.done",
            sign: "gone"
        ),
        Way(
            layout: "directory",
            does: "flags one digit in place",
            command: "sed -i s/7000000001/7000000009/ $DATA",
            sign: "changed"
        ),
        Way(
            layout: "directory",
            does: "acknowledges the folder",
            command: "touch $NAME.ack",
            sign: "acknowledged"
        ),
        Way(
            layout: "directory",
            does: "acknowledges the manifest",
            command: "touch $MANIFEST.ack",
            sign: "acknowledged"
        ),
        Way(
            layout: "directory",
            does: "acknowledges the data file",
            command: "touch $DATA.ack",
            sign: "acknowledged"
        ),
        Way(
            layout: "flat",
            does: "moves the data file",
            command: "mv $DATA ..",
            sign: "gone"
        ),
        Way(layout: "flat", does: "deletes all", command: "rm -f ./*", sign: "gone"),
        Way(layout: "flat", does: "deletes the manifest", command: "rm $MANIFEST", sign: "gone"),
        Way(
            layout: "flat",
            does: "renames the data file",
            command: "mv $DATA $DATA.imported",
            sign: "gone"
        ),
        Way(
            layout: "flat",
            does: "files all away in the outbox",
            command: "mkdir done && mv $NAME.* $DATA done",
            sign: "gone"
        ),
        Way(
            layout: "flat",
            does: "flags one digit in place",
            command: "sed -i s/7000000001/7000000009/ $DATA",
            sign: "changed"
        ),
        Way(
            layout: "flat",
            does: "acknowledges by the batch's name",
            command: "touch $NAME.ack",
            sign: "acknowledged"
        ),
        Way(
            layout: "flat",
            does: "acknowledges the manifest",
            command: "touch $MANIFEST.ack",
            sign: "acknowledged"
        ),
        Way(
            layout: "flat",
            does: "acknowledges the data file",
            command: "touch $DATA.ack",
            sign: "acknowledged"
        ),
    ]

    private static let late = "2026-11-26T03:00:00Z"

    private static func with(_ layout: String, _ body: (Partner) throws -> Void) async throws {
        let exports =
            "  - { name: list, template: list, start: 2026-07-01, layout: \(layout), collect_within: P2D }"
        try await Partner.with(exports: exports) { partner in
            try FileManager.default.createDirectory(
                atPath: "\(partner.folder)/list",
                withIntermediateDirectories: false
            )
            try partner.write(
                "list/template.yaml",
                """
                version: 1
                title: Ids
                format: { kind: delimited, line_end: lf }
                files:
                  - name: ids_${batch.number}.csv
                    records:
                      - { id: row, for_each: transactions, fields: [{ name: id, value: transactionId }] }
                """
            )
            try partner.sell("7000000001")
            let night = try partner.occExport("run")
            #expect(night.status == 0, "\(night.output)\(night.error)")
            try partner.sandbox.control("clock", "{\"now\":\"\(late)\"}")
            try body(partner)
        }
    }

    private static func consume(_ partner: Partner, _ way: Way) throws {
        let name = "2026-11-24_list_000001"
        let isFlat = way.layout == "flat"
        let result = try run(
            "/bin/sh",
            ["-ec", way.command],
            environment: [
                "NAME": name, "DATA": isFlat ? "ids_1.csv" : "\(name)/ids_1.csv",
                "MANIFEST": isFlat ? "\(name).manifest.json" : "\(name)/manifest.json",
            ],
            in: "\(partner.folder)/outbox"
        )
        #expect(result.status == 0, "\(result.error)")
    }

    @Test(arguments: ways)
    func `are noticed however they are taken, and never late afterwards`(_ way: Way) async throws {
        try await Self.with(way.layout) { partner in
            try Self.consume(partner, way)
            let status = try partner.occExport("status", now: Self.late)
            #expect(status.status == 0, "\(status.output)\(status.error)")
            #expect(!status.output.contains("not collected"), "\(status.output)")
            let next = try partner.occExport("run", "--output", "json", now: Self.late)
            #expect(next.status == 0, "\(next.output)\(next.error)")
            #expect(
                next.output.contains("\"2026-11-24_list_000001: \(way.sign)\""),
                "\(next.output)"
            )
            // Noted once, and for good; what a consumer does is no difference to verify.
            let again = try partner.occExport("run", "--output", "json", now: Self.late)
            #expect(!again.output.contains("2026-11-24_list_000001: "), "\(again.output)")
            let verified = try partner.occExport("verify", now: Self.late)
            #expect(verified.status == 0, "\(verified.output)")
            // Nothing comes again in its place.
            #expect(again.output.contains("\"transactions\" : 0"), "\(again.output)")
            #expect(try partner.occExport("status", now: Self.late).status == 0)
        }
    }

    @Test(arguments: ["directory", "flat"])
    func `are named by status once they have lain there as long as the export says`(
        _ layout: String
    ) async throws {
        try await Self.with(layout) { partner in
            let early = try partner.occExport("status", now: "2026-11-26T02:59:59Z")
            #expect(early.status == 0, "\(early.output)")
            #expect(early.output.contains("1 batches are not collected yet"), "\(early.output)")
            let late = try partner.occExport("status", now: Self.late)
            #expect(late.status == 3, "\(late.output)")
            #expect(
                late.output.contains(
                    "attention: 2026-11-24_list_000001: not collected for 2 days; look at its consumer, or put an empty file '2026-11-24_list_000001.ack' beside it if it has it"
                ),
                "\(late.output)"
            )
            // A night in between does not make it younger.
            #expect(try partner.occExport("run", now: Self.late).status == 0)
            let later = try partner.occExport("status", now: "2026-11-30T03:00:00Z")
            #expect(later.status == 3)
            #expect(later.output.contains("not collected for 6 days"), "\(later.output)")
        }
    }

    @Test func `that lie in the outbox twice are a difference`() async throws {
        try await Self.with("directory") { partner in
            let name = "2026-11-24_list_000001"
            let copied = try run("/bin/cp", ["-r", name, "copy"], in: "\(partner.folder)/outbox")
            #expect(copied.status == 0, "\(copied.error)")
            let verified = try partner.occExport("verify")
            #expect(verified.status == 65)
            #expect(
                verified.output.contains(
                    "copy: is a copy of batch 1, which lies in the outbox too; a consumer may take both, move one away"
                ),
                "\(verified.output)"
            )
        }
    }
}

import Foundation
import Invoices
import TestSupport
import Testing
import Transactions

@testable import Templates

/// A shipped template over invoices.
struct FormatRendering {
    private let plan: Plan
    private let batch: BatchContext

    init(_ template: String, profile: InvoiceProfile? = nil, amounts: AmountSource? = nil) throws {
        try self.init(
            template,
            InvoiceOptions(settings: SampleSettings.all, profile: profile, amounts: amounts)
        )
    }

    init(_ template: String, _ options: InvoiceOptions) throws {
        plan = try Plan(
            template: try Template(folder: "\(Checkout.path)/templates/\(template)"),
            parameters: nil,
            lookups: [:],
            owner: nil,
            timeZone: try TimeZoneRules(identifier: "Europe/Tallinn"),
            when: nil,
            programVersion: "1.0",
            invoices: options
        )
        batch = BatchContext(
            id: "20261125-000042",
            number: 42,
            created: try #require(UTCTimestamp("2026-11-25T03:00:00Z")),
            day: try #require(CalendarDate("2026-11-25"))
        )
    }

    /// The files of a batch with rows.
    func files(_ rows: [Transaction]) throws -> (
        rendering: Rendering, files: [(name: String, text: String)]
    ) {
        let (rendering, contents) = try plan.rendered(
            rows.map { SelectedTransaction($0) },
            batch: batch
        )
        return (
            rendering,
            contents.sorted { $0.key < $1.key }.map {
                ($0.key, String(decoding: $0.value, as: UTF8.self))
            }
        )
    }

    /// The file of one invoice as it is, whatever rules it breaks.
    func document(_ invoice: Invoice, rows: [Transaction]) throws -> String {
        var renderer = Renderer(
            plan: plan,
            source: rows.map { SelectedTransaction($0) },
            batch: batch,
            excluded: [],
            sink: OneFile()
        )
        let last = invoice.lines.map(\.source).max() ?? 0
        renderer.add(invoice, Array(repeating: 0, count: last + 1), 1)
        _ = try renderer.writeMadeDocuments()
        try renderer.sink.finish()
        return String(decoding: renderer.sink.takeBack().bytes, as: UTF8.self)
    }

    private struct OneFile: FileSink {
        var bytes: [UInt8] = []

        mutating func begin(_ name: String) { bytes = [] }
        mutating func write(_ bytes: [UInt8]) { self.bytes += bytes }
        mutating func end() {}
        mutating func restart() { bytes = [] }
    }
}

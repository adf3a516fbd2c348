import Expressions
import Foundation
import Invoices
import TestSupport
import Transactions

@testable import Templates

/// A shipped template's skeleton, rendered over invoices.
struct FormatRendering {
    private let skeleton: XMLSkeleton
    private let invoiceSlot: Int
    private let batchSlot: Int
    private let isMany: Bool
    private let parameterSlot: Int
    private let slots: Int
    private let parameters: [(String, ValueType, Value)]

    init(_ template: String, parameters: [(String, ValueType, Value)]) throws {
        let folder = "\(Checkout.path)/templates/\(template)"
        let root = try YAMLReader.read(file: "\(folder)/template.yaml")
        var format = FormatDeclaration()
        for (key, value) in try root.entries() where try key.text() == "format" {
            format = try FormatDeclaration(value)
        }
        var scope = Scope(timeZone: .utc)
        let row = RecordType(
            name: "a transaction",
            members: TransactionRow.members(of: .contractTransactions)
        )
        let type = RecordType(
            name: "an invoice",
            members: InvoiceRecord.members(of: Invoice.description, row: row)
        )
        self.parameters = parameters
        isMany = template == "estonian-e-invoice"
        let part = RecordType(name: "a part", members: [.init("documents", .list(.record(type)))])
        invoiceSlot = scope.declare(isMany ? "part" : "invoice", .record(isMany ? part : type))
        let batch = RecordType(
            name: "a batch",
            members: [.init("id", .string), .init("day", .date)]
        )
        batchSlot = scope.declare("batch", .record(batch))
        parameterSlot = scope.declare(
            "parameters",
            .record(
                RecordType(name: "the parameters", members: parameters.map { .init($0.0, $0.1) })
            )
        )
        slots = 16
        var compiler = try SkeletonCompiler(file: "\(folder)/invoice.xml", format: format)
        skeleton = try compiler.compile(in: scope)
    }

    func document(_ invoice: Invoice, rows: [Transaction]) throws -> String {
        var frame = Frame(slots: slots)
        let values = rows.map { row -> Value in
            .record(TransactionRow(row, fields: Feed.contractTransactions.fields, derived: []))
        }
        let record = Value.record(InvoiceRecord(invoice.group, rows: values))
        frame[invoiceSlot] = isMany ? .record(ValuesRecord(values: [.list([record])])) : record
        frame[batchSlot] = .record(
            ValuesRecord(values: [.string("20261125-000042"), .date(.first)])
        )
        frame[parameterSlot] = .record(ValuesRecord(values: parameters.map(\.2)))
        var bytes: [UInt8] = []
        try skeleton.write(&frame, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}

internal import Foundation
internal import Glibc
import TestSupport
import Testing

/// How things end: a run that is asked to stop, a person's values, a file that is not what it should be.
struct `An end` {
    @Test(arguments: [(SIGTERM, 143), (SIGINT, 130)] as [(Int32, Int32)])
    func `of a run comes between its steps, and the next run goes on`(
        _ signal: Int32,
        _ status: Int32
    ) async throws {
        try await Partner.with(source: "  contracts: [ \"22297\", \"123\" ]") { partner in
            try partner.sell("7000000001")
            try partner.fail(
                #"[{"operation":"ContractTransactions","times":1,"drip":1,"every":20}]"#
            )
            let process = Process()
            process.executableURL = URL(fileURLWithPath: Checkout.program("occ-export"))
            process.arguments = ["run"]
            process.currentDirectoryURL = URL(fileURLWithPath: partner.folder)
            process.environment = ProcessInfo.processInfo.environment
                .merging(["OCC_EXPORT_NOW": Partner.now]) { $1 }
            process.standardOutput = FileHandle.nullDevice
            let said = Pipe()
            process.standardError = said
            try process.run()
            // The log of the source tells that it is under way.
            while process.isRunning,
                !(try partner.sandbox.control("log").contains("ContractTransactions"))
            {}
            kill(process.processIdentifier, signal)
            process.waitUntilExit()
            #expect(process.terminationReason == .exit)
            #expect(process.terminationStatus == status)
            let note = String(
                decoding: said.fileHandleForReading.readDataToEndOfFile(),
                as: UTF8.self
            )
            #expect(note == "interrupted; nothing is half done, the next run goes on\n")
            #expect(try partner.batches().isEmpty)
            let next = try partner.occExport("run")
            #expect(next.status == 0, "\(next.output)\(next.error)")
            #expect(next.output.contains("with 1 transactions"))
        }
    }

    @Test(arguments: [("--driver", "Mari Maasikas"), ("--card", "9233450000000011")])
    func `of one person's values leaves no byte of them in the state, and nobody else's goes`(
        _ option: String,
        _ value: String
    ) async throws {
        try await Partner.with { partner in
            try partner.sell("7000000001")
            try partner.sell(
                "7000000002",
                [
                    "driverName": "\"Jaan Tamm\"", "cardNumber": "\"9233450000000029\"",
                    "plateNumber": "\"456DEF\"",
                ]
            )
            #expect(try partner.occExport("run").status == 0)
            let purged = try run(
                "/bin/sh",
                [
                    "-c", "printf %s \"$1\" | \"$0\" purge --yes \(option)",
                    Checkout.program("occ-export"), value,
                ],
                environment: ["OCC_EXPORT_NOW": Partner.now],
                in: partner.folder
            )
            #expect(purged.status == 0, "\(purged.output)\(purged.error)")
            #expect(purged.output.contains("deleted the values of 1 versions"), "\(purged.output)")
            #expect(!(purged.output + purged.error).contains(value))
            let state = "\(partner.folder)/state"
            for path in FileManager.default.enumerator(atPath: state)?.compactMap({ $0 as? String })
                ?? []
            {
                let data = FileManager.default.contents(atPath: "\(state)/\(path)") ?? Data()
                #expect(data.firstRange(of: Data(value.utf8)) == nil, "\(path)")
            }
            let other = try run(
                Checkout.program("occ-export"),
                ["explain", "--transaction", "7000000002", "--personal"],
                environment: ["OCC_EXPORT_NOW": Partner.now],
                in: partner.folder
            )
            #expect(other.output.contains("Jaan Tamm"), "\(other.output)\(other.error)")
        }
    }

    @Test func `of a document that its schema refuses is a run that publishes nothing`()
        async throws
    {
        let exports = """
              - name: list
                template: list
                start: 2026-07-01
            """
        try await Partner.with(exports: exports) { partner in
            try FileManager.default.copyItem(
                atPath: "\(Checkout.path)/templates/transaction-list-xml",
                toPath: "\(partner.folder)/list"
            )
            let schema = try partner.text("list/transaction-list.xsd")
            let changed = schema.replacing("name=\"Header\"", with: "name=\"Kopf\"")
                .replacing("name=\"Transaction\"", with: "name=\"Buchung\"")
            #expect(changed != schema)
            try partner.write("list/transaction-list.xsd", changed)
            try partner.sell("7000000001")
            let refused = try partner.occExport("run")
            #expect(
                refused.status == 78 || refused.status == 65,
                "\(refused.output)\(refused.error)"
            )
            #expect((refused.output + refused.error).contains("[xml]"), "\(refused.output)")
            #expect(try partner.batches().isEmpty)
            try partner.write("list/transaction-list.xsd", schema)
            #expect(try partner.occExport("run").status == 0)
            #expect(try partner.batches().count == 1)
        }
    }
}

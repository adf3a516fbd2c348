internal import Foundation
import TestSupport
import Testing

/// `doctor` sees each thing that would make a run fail, by itself, with the status a run would have.
struct `The doctor` {
    struct Illness: CustomTestStringConvertible, Sendable {
        /// A shell command in the partner's folder.
        let command: String
        let status: Int32
        let says: String
        var testDescription: String { command }
    }

    @Test func `finds nothing where all is well`() async throws {
        try await Partner.with { partner in
            let result = try partner.occExport("doctor")
            #expect(result.status == 0, "\(result.output)\(result.error)")
            let names = result.output.split(separator: "\n").map {
                String($0.prefix { $0 != ":" })
            }
            #expect(
                names == [
                    "ok    configuration", "ok    templates", "ok    pre-shared key",
                    "ok    state", "ok    ledger", "ok    outbox", "ok    disk", "ok    API",
                ]
            )
            #expect(result.output.contains("lists 2 contracts"))
        }
    }

    @Test(arguments: [
        Illness(
            command: "sed -i 's/accountant-csv/nowhere-csv/' occ-export.yaml",
            status: 78,
            says: "FAIL  templates: "
        ),
        Illness(
            command: "rm psk",
            status: 78,
            says: "FAIL  pre-shared key: "
        ),
        Illness(
            command: "chmod 0666 psk",
            status: 78,
            says: "FAIL  pre-shared key: "
        ),
        Illness(
            command: "chmod 0644 psk",
            status: 0,
            says:
                "look  pre-shared key: from file psk; file psk can be read by everyone; chmod 0600 it"
        ),
        Illness(
            command: "printf short > psk; chmod 600 psk",
            status: 77,
            says: "it is shorter than 128 characters, the API may refuse it"
        ),
        Illness(
            command: "mv state elsewhere",
            status: 4,
            says:
                "FAIL  state: state: there is no state folder; run 'occ-export init' once, or mount the volume"
        ),
        Illness(
            command: "chmod 0777 state",
            status: 74,
            says: "FAIL  state: state: others can write the state folder; chmod 0700 it"
        ),
        Illness(command: "rm state/ledger.sqlite", status: 4, says: "FAIL  ledger: "),
        Illness(
            command: "printf nonsense > state/ledger.sqlite",
            status: 74,
            says: "FAIL  ledger: "
        ),
        Illness(command: "rm -r outbox", status: 4, says: "FAIL  outbox: "),
        Illness(
            command:
                "sed -i 's/\"ledger\" *: *\"[^\"]*\"/\"ledger\":\"another\"/' outbox/.occ-export/stamp.json",
            status: 4,
            says: "FAIL  outbox: "
        ),
        Illness(
            command: "sed -i 's|base_url:.*|base_url: http://127.0.0.1:1/api/v1|' occ-export.yaml",
            status: 69,
            says: "FAIL  API: ContractNumbers: no whole answer: connection refused"
        ),
        Illness(
            command: "sed -i 's/access_id:.*/access_id: NOBODY/' occ-export.yaml",
            status: 77,
            says: "what was signed: application/json,,/api/v1/ContractNumbers,"
        ),
        Illness(
            command: "sed -i 's/  pause: 0ms/  contracts: [ \"999\" ]/' occ-export.yaml",
            status: 0,
            says: "contract 999 is configured, and this access id may not see it"
        ),
    ])
    func `names what is wrong`(_ illness: Illness) async throws {
        try await Partner.with { partner in
            let done = try run("/bin/sh", ["-ec", illness.command], in: partner.folder)
            #expect(done.status == 0, "\(done.error)")
            let result = try partner.occExport("doctor")
            #expect(result.status == illness.status, "\(result.output)\(result.error)")
            #expect(result.output.contains(illness.says), "\(result.output)")
        }
    }

    @Test func `says before init that there is nothing yet, and fails nothing for it`() async throws
    {
        try await Partner.with(isInitialised: false) { partner in
            let result = try partner.occExport("doctor")
            #expect(result.status == 0, "\(result.output)\(result.error)")
            #expect(
                result.output.contains("look  state: not initialised; run 'occ-export init'")
            )
            #expect(!result.output.contains("FAIL"), "\(result.output)")
        }
    }

    @Test(arguments: ["mv state elsewhere", "rm -r outbox"])
    func `dumps nothing of the system where a folder is away`(command: String) async throws {
        try await Partner.with { partner in
            #expect(try run("/bin/sh", ["-ec", command], in: partner.folder).status == 0)
            let result = try partner.occExport("doctor")
            #expect(result.output.split(separator: "\n").count { $0.hasPrefix("FAIL") } == 1)
            #expect(!result.output.contains("Domain"), "\(result.output)")
        }
    }

    @Test func `names a clock that is off`() async throws {
        try await Partner.with { partner in
            let result = try partner.occExport("doctor", now: "2026-11-24T03:10:00Z")
            #expect(result.status == 77)
            #expect(result.output.contains("s ahead of the API"), "\(result.output)")
        }
    }

    @Test(
        .enabled(if: geteuid() == 0, "mounting a file system needs root"),
        arguments: [
            ("outbox", 73, "outbox: 0 MiB are free at the outbox, 50 are wanted; make room"),
            ("state", 74, "state: 0 MiB are free at the state, 50 are wanted; make room"),
        ] as [(String, Int32, String)]
    )
    func `names a disk without room`(_ folder: String, _ status: Int32, _ says: String)
        async throws
    {
        try await Partner.with { partner in
            let script = """
                mkdir -m 0700 kept; cp -a \(folder)/. kept/
                mount -t tmpfs -o mode=0700,size=1m tmpfs \(folder); cp -a kept/. \(folder)/
                """
            #expect(try run("/bin/sh", ["-ec", script], in: partner.folder).status == 0)
            let result = try partner.occExport("doctor")
            #expect(try run("/bin/umount", ["\(partner.folder)/\(folder)"]).status == 0)
            #expect(result.status == status, "\(result.output)")
            #expect(result.output.contains("FAIL  disk: \(says)\n"), "\(result.output)")
        }
    }

    @Test func `tells what the prices and rates of real rows mean`() async throws {
        try await Partner.with { partner in
            try partner.sell("7000000001")
            try partner.sell("7000000002", ["discountPerUnit": "0.1000", "totalPrice": "11.4000"])
            let result = try partner.occExport("doctor", "--data")
            #expect(result.status == 0, "\(result.output)")
            for line in [
                "look  data: 2 rows of the last 31 days",
                "1 of 2: netAmount + vatAmount = totalPrice",
                "2 of 2: vatRate is a percentage (24)", "0 of 2: vatRate is a fraction (0.24)",
                "1 of 2: quantity x pricePerUnit = totalPrice",
                "2 of 2: quantity x (pricePerUnit - discountPerUnit) = totalPrice",
                "1 rows do not add up",
            ] {
                #expect(result.output.contains(line), "\(line)\n\(result.output)")
            }
        }
    }
}

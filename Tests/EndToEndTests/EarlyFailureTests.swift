import Foundation
import TestSupport
import Testing

/// A night on which nothing even began: `status` tells of it, and `doctor` had told before.
struct `A run that fails before it begins` {
    struct Damage: CustomTestStringConvertible, Sendable {
        /// Shell commands in the partner's folder, which hurt it and heal it.
        let hurt: String
        let heal: String
        /// What `run` ends with, and `doctor` before it.
        let status: Int32
        /// What `status` ends with.
        let told: Int32
        let says: String
        var testDescription: String { hurt }
    }

    private static func sh(_ partner: Partner, _ command: String) throws {
        let done = try run("/bin/sh", ["-ec", command], in: partner.folder)
        #expect(done.status == 0, "\(done.error)")
    }

    @Test(arguments: [
        Damage(
            hurt: "mv psk away",
            heal: "mv away psk",
            status: 78,
            told: 3,
            says: "failed (configuration); state/reports/3.json says why"
        ),
        Damage(
            hurt: "sed -i 's/accountant-csv/nowhere-csv/' occ-export.yaml",
            heal: "sed -i 's/nowhere-csv/accountant-csv/' occ-export.yaml",
            status: 78,
            told: 3,
            says: "failed (configuration); state/reports/3.json says why"
        ),
        Damage(
            hurt: "mv outbox away",
            heal: "mv away outbox",
            status: 4,
            told: 4,
            says: "attention: outbox/.occ-export/stamp.json: there is no stamp"
        ),
        Damage(
            hurt: "chmod 0777 outbox",
            heal: "chmod 0750 outbox",
            status: 78,
            told: 3,
            says: "failed (configuration); state/reports/3.json says why"
        ),
        Damage(
            hurt: "chmod 0777 state",
            heal: "chmod 0700 state",
            status: 78,
            told: 3,
            says: "failed (configuration); state/reports/3.json says why"
        ),
        Damage(
            hurt: "cp state/ledger.sqlite newest; mv older state/ledger.sqlite",
            heal: "mv newest state/ledger.sqlite",
            status: 4,
            told: 4,
            says: "it is an old copy"
        ),
    ])
    func `is told by status until one is well`(_ damage: Damage) async throws {
        try await Partner.with { partner in
            try partner.sell("7000000001")
            #expect(try partner.occExport("run").status == 0)
            try Self.sh(partner, "cp state/ledger.sqlite older")
            try partner.sell("7000000002")
            #expect(try partner.occExport("run").status == 0)
            #expect(try partner.occExport("status").status == 0)
            try Self.sh(partner, damage.hurt)
            let doctor = try partner.occExport("doctor")
            #expect(doctor.status == damage.status, "\(doctor.output)")
            #expect(doctor.output.contains("FAIL"))
            #expect(try partner.occExport("run").status == damage.status)
            let status = try partner.occExport("status")
            #expect(status.status == damage.told, "\(status.output)")
            #expect(status.output.contains(damage.says), "\(status.output)")
            try Self.sh(partner, damage.heal)
            let next = try partner.occExport("run")
            #expect(next.status == 0, "\(next.output)\(next.error)")
            let after = try partner.occExport("status")
            #expect(after.status == 0, "\(after.output)")
        }
    }

    @Test func `is told where a batch's staging is gone`() async throws {
        try await Partner.with { partner in
            try partner.sell("7000000001")
            _ = try partner.occExport("run", environment: ["OCC_EXPORT_CRASH_AFTER": "prepared"])
            let before = try partner.occExport("doctor")
            #expect(before.status == 0, "\(before.output)")
            try Self.sh(partner, "rm -r outbox/.occ-export/staging/1")
            let doctor = try partner.occExport("doctor")
            #expect(doctor.status == 4, "\(doctor.output)")
            #expect(doctor.output.contains("its staging folder is gone"), "\(doctor.output)")
            #expect(try partner.occExport("run").status == 4)
            let status = try partner.occExport("status")
            #expect(status.status == 4)
            for line in ["resolve --batch 1' decides", "failed (operatorMustDecide)"] {
                #expect(status.output.contains(line), "\(status.output)")
            }
        }
    }

    @Test func `is not noted while another run holds the lock`() async throws {
        try await Partner.with { partner in
            #expect(try partner.occExport("run").status == 0)
            let script =
                #"flock state/lock -c 'mv psk away; "$0" run; echo $?; mv away psk; "$0" run; echo $?'"#
            let done = try run(
                "/bin/sh",
                ["-c", script.replacing("\"$0\"", with: Checkout.program("occ-export"))],
                environment: ["OCC_EXPORT_NOW": Partner.now],
                in: partner.folder
            )
            #expect(done.output.contains("78"), "\(done.output)\(done.error)")
            #expect(done.output.contains("75"), "\(done.output)\(done.error)")
            let status = try partner.occExport("status")
            #expect(status.status == 0, "\(status.output)")
        }
    }

    @Test func `doctor names a gap, and days to come, before a run meets them`() async throws {
        try await Partner.with { partner in
            #expect(try partner.occExport("run").status == 0)
            let late = "2027-06-01T03:00:00Z"
            try partner.sandbox.control("clock", "{\"now\":\"\(late)\"}")
            let gap = try partner.occExport("doctor", now: late)
            #expect(gap.status == 4, "\(gap.output)")
            #expect(
                gap.output.contains("FAIL  days: the API no longer answers for"),
                "\(gap.output)"
            )
            #expect(try partner.occExport("run", "--accept-gap", now: late).status == 0)
            try partner.sandbox.control("clock", "{\"now\":\"\(Partner.now)\"}")
            let ahead = try partner.occExport("doctor")
            #expect(ahead.status == 0, "\(ahead.output)")
            #expect(ahead.output.contains("look  days: "), "\(ahead.output)")
            #expect(ahead.output.contains("which is still to come"), "\(ahead.output)")
        }
    }

    /// Folders and files that a job's user may not write, and what a run then ends with.
    @Test(arguments: [
        ("chmod 0500 outbox", 73, "FAIL  outbox: outbox: cannot be written: Permission denied"),
        (
            "chmod 0500 outbox/.occ-export/records", 73,
            "FAIL  outbox: outbox/.occ-export/records: cannot be written"
        ),
        (
            "mkdir -m 0500 outbox/sub; printf '\\n    folder: sub\\n' >> occ-export.yaml", 73,
            "FAIL  outbox: outbox/sub: this user cannot write it; give the outbox, and what is in it, to the job's user"
        ),
        (
            "chmod 0400 state/ledger.sqlite", 74,
            "FAIL  ledger: state/ledger.sqlite: this user cannot write it; give the state folder, and all that is in it, to the job's user"
        ),
        ("chmod 0500 state/reports", 74, "FAIL  state: state/reports: this user cannot write it"),
        (
            "chmod 0500 state/archive/answers", 74,
            "FAIL  state: state/archive/answers: this user cannot write it"
        ),
    ])
    func `doctor names what an ordinary user may not write`(
        _ command: String,
        _ code: Int,
        _ says: String
    )
        async throws
    {
        try await Partner.with { partner in
            #expect(try partner.occExport("run").status == 0)
            try partner.sell("7000000001")
            try Self.sh(partner, command)
            // Root may write anywhere: the program runs as somebody who owns the files and no more.
            let isRoot = geteuid() == 0
            if isRoot { try Self.sh(partner, "chown -R 65534:65534 .; chmod 0755 .") }
            let user = ["--reuid=65534", "--regid=65534", "--clear-groups"]
            func ordinary(_ subcommand: String) throws -> ProgramResult {
                let program = Checkout.program("occ-export")
                return try run(
                    isRoot ? "/usr/bin/setpriv" : program,
                    isRoot ? user + [program, subcommand] : [subcommand],
                    environment: ["OCC_EXPORT_NOW": Partner.now],
                    in: partner.folder
                )
            }
            let doctor = try ordinary("doctor")
            #expect(Int(doctor.status) == code, "\(doctor.output)\(doctor.error)")
            #expect(doctor.output.contains(says), "\(doctor.output)")
            let night = try ordinary("run")
            #expect(Int(night.status) == code, "\(night.output)\(night.error)")
        }
    }
}

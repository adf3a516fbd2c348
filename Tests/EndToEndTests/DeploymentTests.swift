internal import Foundation
import TestSupport
import Testing

/// What is run for real gives up what it does not need (reliability, section 6.8).
///
/// `scripts/check-image` runs the built steps; here stands what must be written for it to hold.
struct `The deployment` {
    private func text(_ path: String) throws -> String {
        try String(contentsOfFile: "\(Checkout.path)/\(path)", encoding: .utf8)
    }

    @Test func `image has exact bases, a user of its own, no dumps and ends on SIGTERM`() throws {
        let file = try text("Dockerfile")
        let last = try #require(file.components(separatedBy: "\nFROM ").last)
        for line in [
            "USER 10001:10001", "STOPSIGNAL SIGTERM", "SWIFT_BACKTRACE=enable=no", "nologin",
            "ENTRYPOINT [\"/usr/local/bin/occ-export\"]",
        ] { #expect(last.contains(line), "\(line)") }
        for line in file.split(separator: "\n") where line.hasPrefix("FROM ") {
            #expect(line.contains(/:[0-9]+\.[0-9]+[^ ]*/), "\(line)")
            #expect(!line.contains("latest"))
        }
        #expect(!last.contains("curl") && !last.contains("swift:"))
    }

    @Test func `compose and Kubernetes drop root, capabilities and a writable root`() throws {
        let compose = try text("deploy/compose.yaml")
        for line in ["read_only: true", "no-new-privileges", "cap_drop", "ALL"] {
            #expect(compose.contains(line), "compose: \(line)")
        }
        for file in ["cronjob", "init-job"] {
            let job = try text("deploy/kubernetes/\(file).yaml")
            for line in [
                "runAsNonRoot: true", "readOnlyRootFilesystem: true",
                "allowPrivilegeEscalation: false", "drop: [ALL]",
                "automountServiceAccountToken: false",
            ] { #expect(job.contains(line), "\(file): \(line)") }
        }
        let cron = try text("deploy/kubernetes/cronjob.yaml")
        #expect(cron.contains("concurrencyPolicy: Forbid"))
    }

    @Test
    func `the unit of systemd hides the rest of the system, and keeps the key in credentials`()
        throws
    {
        let unit = try text("deploy/systemd/occ-export.service")
        for line in [
            "LoadCredential=occ_psk", "NoNewPrivileges=", "ProtectSystem=strict",
            "CapabilityBoundingSet=",
            "LimitCORE=0", "UMask=0077",
        ] { #expect(unit.contains(line), "\(line)") }
    }

    @Test func `packages are of exact versions`() throws {
        for path in ["Package.swift", "Fuzz/Package.swift"] {
            let lines = try text(path).split(separator: "\n").filter {
                $0.contains(".package(url:")
            }
            #expect(lines.count >= 3)
            for line in lines { #expect(line.contains("exact: \""), "\(line)") }
        }
    }

    @Test func `the bill of materials has every package, and the libraries of the image`() throws {
        guard FileManager.default.fileExists(atPath: "\(Checkout.path)/Package.resolved") else {
            Issue.record("Package.resolved is not there; run 'swift package resolve'")
            return
        }
        let result = try run("\(Checkout.path)/scripts/sbom", [])
        #expect(result.status == 0, "\(result.error)")
        struct Bill: Decodable {
            struct Component: Decodable {
                let name: String
                let version: String
                let purl: String?
            }
            let bomFormat: String
            let specVersion: String
            let components: [Component]
        }
        struct Resolved: Decodable {
            struct Pin: Decodable {
                struct State: Decodable { let version: String? }
                let location: String
                let state: State
            }
            let pins: [Pin]
        }
        let bill = try JSONDecoder().decode(Bill.self, from: Data(result.output.utf8))
        let resolved = try JSONDecoder().decode(
            Resolved.self,
            from: Data(try text("Package.resolved").utf8)
        )
        #expect(bill.bomFormat == "CycloneDX")
        for pin in resolved.pins {
            let name = pin.location.split(separator: "/").last?.replacing(".git", with: "") ?? ""
            #expect(
                bill.components.contains { $0.name == name && $0.version == pin.state.version },
                "\(name)"
            )
        }
        for library in ["libxml2", "libre2-9", "libsqlite3-0", "zlib1g", "tzdata"] {
            let component = bill.components.first { $0.name == library }
            #expect(component?.purl?.hasPrefix("pkg:deb/debian/\(library)@") == true, "\(library)")
        }
    }
}

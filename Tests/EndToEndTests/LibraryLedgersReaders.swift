internal import Foundation
import TestSupport
import Testing

/// Programs that others wrote, which read the files of the ledger templates.
enum LedgerReaders {
    private static let (checks, environment, python) =
        (ERPReaders.checks, ERPReaders.environment, ERPReaders.python)

    static let areThere = ERPReaders.areThere
    static let why = Comment(rawValue: ERPReaders.why)

    /// Whether a reader accepts a file, and what it says.
    static func verdict(_ kind: String, _ file: String) throws -> (accepts: Bool, says: String) {
        // The payables of Cougar Mountain have no kind there: the columns are read by csvkit itself.
        let result =
            kind == "cms-ap"
            ? try run(python, ["-c", payables, checks, file, environment])
            : try run("\(checks)/erpcheck", [kind, file])
        let says = result.output + result.error
        guard says.hasPrefix("ACCEPT") || says.hasPrefix("REJECT") else {
            throw LedgerReaderFailure(says: says)
        }
        return (result.status == 0, says)
    }

    /// The sum that a file's reader finds on the supplier's account, or on that named, as a plain decimal.
    static func total(_ kind: String, _ file: String, account: String = "") throws -> String {
        let result = try run(python, ["-c", totals, checks, kind, file, environment, account])
        guard result.status == 0 else { throw LedgerReaderFailure(says: result.error) }
        return String(result.output.split(separator: "\n").last ?? "")
    }

    /// Reads the details of payables with `in2csv`, in the columns that were published.
    private static let payables = """
        import csv, datetime, io, os, subprocess, sys, tempfile
        sys.path.insert(0, sys.argv[1])
        import layouts as L
        def end(ok, says): print(("ACCEPT " if ok else "REJECT ") + str(says)); sys.exit(0 if ok else 1)
        raw = open(sys.argv[2], "rb").read()
        if not raw.endswith(b"\\r\\n"): end(False, "the file does not end in CRLF")
        records = raw[:-2].split(b"\\r\\n")
        for n, r in enumerate(records, 1):
            if {b"H": 515, b"D": 320}.get(r[:1]) != len(r): end(False, f"record {n} of {len(r)} bytes")
        folder, read = tempfile.mkdtemp(), {}
        for kind, layout in (("H", L.CMS_AP_H), ("D", L.CMS_AP_D)):
            schema, data = os.path.join(folder, kind + ".schema"), os.path.join(folder, kind + ".txt")
            open(schema, "w").write("column,start,length\\n" + "".join(f"{n},{a},{w}\\n" for n, a, w, _ in L.table(layout)[0]))
            open(data, "wb").write(b"".join(r + b"\\n" for r in records if r[:1] == kind.encode()))
            made = subprocess.run([sys.argv[3] + "/bin/in2csv", "-e", "cp1252", "-f", "fixed", "-s", schema, data], capture_output=True, text=True)
            if made.returncode: end(False, made.stderr)
            read[kind] = list(csv.DictReader(io.StringIO(made.stdout)))
        try:
            for h in read["H"]:
                assert h["vendor"] and h["invoice"], "vendor or invoice is blank"
                for name in ("invoice_date", "due_date", "discount_due", "gl_date"): datetime.datetime.strptime(h[name], "%m/%d/%Y")
            for d in read["D"]:
                assert d["expense_account"] and float(d["quantity"]) == 1 and float(d["unit_cost"]) >= 0, d
                datetime.datetime.strptime(d["expense_date"], "%m/%d/%Y")
        except (AssertionError, ValueError) as e: end(False, e)
        end(True, f"{len(read['H'])} bills, {len(read['D'])} details")
        """

    /// Sums of a file as each reader or its record table finds them.
    private static let totals = """
        import csv, io, subprocess, sys
        from decimal import Decimal
        checks, kind, path, venv, account = sys.argv[1:6]
        sys.path.insert(0, checks)
        import layouts as L
        cents = lambda text: Decimal(text.strip().decode() or 0) / 100
        def fields(layout, record):
            return {n: record[a - 1:a - 1 + w] for n, a, w, _ in L.table(layout)[0]}
        records = lambda: open(path, "rb").read().split(b"\\r\\n")[:-1]
        total = Decimal(0)
        if kind == "sie":
            import sie4i
            for line in open(path, "rb").read().decode("cp437").splitlines():
                t = sie4i.toks(line)
                if t and t[0] == "#TRANS" and t[1] == (account or "2440"): total += Decimal(t[t.index("}") + 1])
        elif kind == "datev":
            from mloda.community.feature_groups.experimental.german_ledger.datev import read_batch
            _, legs = read_batch(path)
            total = -sum(b for a, b in zip(legs["Konto"], legs["Betrag"]) if a == (account or "70001"))
        elif kind == "gl07":
            for r in records():
                f = fields(L.GL07, r)
                if f["account"].strip().decode() == account if account else f["trans_type"] == b"AP": total += cents(f["cur_amount"])
        elif kind in ("hledger", "ledger"):
            out = subprocess.run(["hledger", "-f", path, "balance", account or "liabilities:payable:alexela", "-N", "-O", "csv"], capture_output=True, text=True, check=True).stdout
            total = Decimal(list(csv.reader(io.StringIO(out)))[1][1].split()[0])
        elif kind == "beancount":
            from beancount import loader
            entries, errors, _ = loader.load_file(path)
            assert not errors, errors
            for e in entries:
                for p in getattr(e, "postings", None) or []:
                    if p.account == (account or "Liabilities:Payable:Alexela"): total += p.units.number
        elif kind == "csv":
            from frictionless import Resource
            import os
            os.chdir(os.path.dirname(path))
            schema = "table.schema_" + path.rsplit("_", 1)[1].replace(".csv", ".json")
            rows = Resource(path=os.path.basename(path), schema=schema).read_rows()
            total = sum(r["totalPrice"] for r in rows)
        elif kind in ("fbdi-h", "fbdi-l"):
            rows = csv.reader(open(path, encoding="utf-8", newline=""))
            total = sum(Decimal(r[4 if kind == "fbdi-h" else 3]) for r in rows)
        elif kind == "cms":
            for r in records():
                if r[:1] != b"D": continue
                f = fields(L.CMS_GL_D, r)
                if f["account"].strip().decode() == (account or "2000-000"): total += Decimal(f["amount"].strip().decode()) * (1 if f["dc"] == b"C" else -1)
        elif kind == "cms-ap":
            for r in records():
                if r[:1] == b"D": total += Decimal(fields(L.CMS_AP_D, r)["unit_cost"].strip().decode())
        elif kind == "quadra":
            for r in records():
                f = fields(L.QUADRA_M, r)
                if f["account"].strip().decode() == (account or "0ALEXELA"): total += cents(f["amount"]) * (1 if (f["dc"] == b"C") == (f["sign"] == b"+") else -1)
        else: raise SystemExit("no such kind")
        print(format(total.normalize() + 0, "f"))
        """
}

/// A reader that could not read, or broke down.
struct LedgerReaderFailure: Error {
    let says: String
}

/// A file of a batch and one of its control totals.
struct LedgerFile {
    let path: String
    let name: String
    let total: String?
}

extension Partner {
    /// The files of a batch with the control total of that name; a package is unpacked beside it.
    func ledgerFiles(_ batch: String, total: String) throws -> [LedgerFile] {
        struct Manifest: Decodable {
            struct Resource: Decodable {
                struct Total: Decodable {
                    let name: String
                    let written: String
                }
                let path: String
                let controlTotals: [Total]?
            }
            let resources: [Resource]
        }
        let data = Data(try text("\(batch)/manifest.json").utf8)
        return try JSONDecoder().decode(Manifest.self, from: data).resources.map { resource in
            LedgerFile(
                path: "\(folder)/\(batch)/\(resource.path)",
                name: resource.path,
                total: resource.controlTotals?.first { $0.name == total }?.written
            )
        }
    }
}

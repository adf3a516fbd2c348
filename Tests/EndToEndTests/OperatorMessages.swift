/// What the commands of an operator say, word for word, and the status they end with.
///
/// Each begins at a place that has published batch 1, with a line of `7000000001`, at
/// 2026-11-24T03:00:00Z; `$OCC` is the program, `$B` the batch's folder.
struct OperatorMessage: Sendable {
    /// Shell lines; the last one is the command whose status and words count.
    let command: String
    let status: Int32
    /// A whole line of what it says, behind `error:` and the like; `PATH` stands for the place's folder.
    let says: String

    init(_ command: String, _ status: Int32, _ says: String) {
        self.command = command
        self.status = status
        self.says = says
    }

    static let surroundings = [
        Self(
            "OCC_EXPORT_NOW=tomorrow $OCC status",
            64,
            "OCC_EXPORT_NOW: 'tomorrow' is no instant in UTC, such as 2026-11-24T03:00:00Z"
        ),
        Self(
            "sed -i 's|base_url:.*|base_url: https://example.com/api/v1|' occ-export.yaml; $OCC status",
            64,
            "OCC_EXPORT_NOW is for rehearsals against a sandbox on this machine, and source.base_url is elsewhere; take it out of the environment"
        ),
        Self(
            "exec 9<>state/lock; flock -n 9; $OCC run",
            75,
            "state/lock: another run holds the lock; wait until it has ended"
        ),
        Self(
            "rm state/ledger.sqlite; $OCC run",
            4,
            "state/ledger.sqlite: there is no ledger; is the state volume mounted? If this is the first time, run 'occ-export init'"
        ),
        Self(
            "rm outbox/.occ-export/stamp.json; $OCC run",
            4,
            "outbox/.occ-export/stamp.json: there is no stamp; is the outbox mounted? If this is the first time, or the stamp alone is lost, run 'occ-export init'"
        ),
        Self(
            "rm outbox/.occ-export/stamp.json; $OCC init",
            0,
            "gave the outbox outbox to the ledger in state"
        ),
        Self(
            "echo x > outbox/.occ-export/stamp.json; $OCC run",
            4,
            "outbox/.occ-export/stamp.json: is no stamp; bring it back from a backup of the outbox, or take it away and run 'occ-export init'"
        ),
        Self(
            "sed -i 's/\"ledger\":\"[^\"]*/&0/' outbox/.occ-export/stamp.json; $OCC run",
            4,
            "outbox/.occ-export/stamp.json: the outbox belongs to another ledger; bring that one back, choose another outbox, or rebuild the ledger with 'occ-export reconcile'"
        ),
        Self(
            "$OCC backup copy; $OCC reissue 1; cp copy state/ledger.sqlite; $OCC run",
            4,
            "state/ledger.sqlite: the ledger knows batches up to 1, the outbox has 2: it is an old copy; bring back the newest, or run 'occ-export reconcile' to read the batches in between from the outbox"
        ),
        Self(
            "$OCC backup copy; $OCC reissue 1; cp copy state/ledger.sqlite; $OCC reconcile",
            0,
            "read 1 batches with 0 rows from the outbox"
        ),
        Self(
            "$OCC reconcile",
            0,
            "the ledger knows all batches of the outbox; nothing was changed"
        ),
        Self(
            "mv outbox aside; $OCC status",
            4,
            "outbox/.occ-export/stamp.json: there is no stamp; is the outbox mounted? If this is the first time, or the stamp alone is lost, run 'occ-export init'"
        ),
        Self(
            "mkdir -p aside/outbox; $OCC init",
            74,
            "state/ledger.sqlite: there is a ledger already, and the outbox outbox has its stamp; nothing was changed; 'occ-export status' shows them, and to begin anew set state: and outbox: to new folders"
        ),
        Self(
            "rm -r state; $OCC init",
            4,
            "outbox: the outbox belongs to a ledger that is not in state; bring that one back, rebuild it with 'occ-export reconcile', or choose an empty outbox"
        ),
        Self(
            "mv outbox aside; $OCC init",
            4,
            "outbox: the ledger in state has published 1 batches, and this outbox knows none of them; is it mounted? To go on in another outbox, move the old one's folder .occ-export there first"
        ),
        Self(
            "rm -r state outbox; $OCC reconcile",
            4,
            "outbox: there is nothing to reconcile: the outbox belongs to no ledger; run 'occ-export init'"
        ),
        Self(
            "sed -i 's/\"ledger\":\"[^\"]*/&0/' outbox/.occ-export/stamp.json; $OCC reconcile",
            4,
            "outbox: the outbox belongs to another ledger than the one in state; nothing was changed; mend state: or outbox: in the configuration"
        ),
        Self(
            """
            $OCC backup copy; $OCC reissue 1; mv outbox/.occ-export/records/000002.jsonl . ; rm -r outbox/*_000002
            cp copy state/ledger.sqlite; sed -i 's/\"lastNumber\":2/\"lastNumber\":1/' outbox/.occ-export/stamp.json
            OCC_EXPORT_NOW=2026-11-24T04:00:00Z $OCC reissue 1; mv 000002.jsonl outbox/.occ-export/records/
            $OCC reconcile
            """,
            4,
            "outbox/.occ-export/records/000002.jsonl: the ledger knows another batch 2: the copy went its own way after it was made; put an older copy in its place"
        ),
        Self(
            "rm -r state; sed -i '1s/{/[/' outbox/.occ-export/records/000001.jsonl; $OCC reconcile",
            4,
            "outbox/.occ-export/records/000001.jsonl: the record is damaged; bring it back from a backup of the outbox"
        ),
        Self(
            "rm -r state; : > outbox/.occ-export/records/000001.jsonl; $OCC reconcile",
            4,
            "outbox/.occ-export/records/000001.jsonl: the record is empty; bring it back from a backup of the outbox"
        ),
        Self(
            "rm -r state; sed -i '1s/\"version\":1/\"version\":9/' outbox/.occ-export/records/000001.jsonl; $OCC reconcile",
            4,
            "outbox/.occ-export/records/000001.jsonl: the record is of a version that this program does not read; take the program that wrote it, or a newer one"
        ),
        Self(
            "rm -r state; sed -i 's/\"role\":\"original\"/\"role\":\"copy\"/' outbox/.occ-export/records/000001.jsonl; $OCC reconcile",
            4,
            "outbox/.occ-export/records/000001.jsonl: the record is not one that was written here: row 1 is not understood; bring it back from a backup of the outbox"
        ),
        Self(
            "touch copy; $OCC backup copy",
            74,
            "copy: is there already; nothing was changed; choose another name"
        ),
        Self(
            "$OCC backup nowhere/copy",
            74,
            "nowhere/copy.new: cannot be created: No such file or directory; is its folder there, and mounted?"
        ),
        Self(
            "echo 'no database at all, and long enough to be taken for a page' > state/ledger.sqlite; $OCC status",
            74,
            "state/ledger.sqlite: file is not a database (SQLite 26); bring a backup of the ledger back, then run 'occ-export reconcile'"
        ),
    ]

    static let runs = [
        Self(
            "$OCC run --from 2026",
            64,
            "The value '2026' is invalid for '--from <from>': '2026' is no day as yyyy-MM-dd, such as 2026-11-23"
        ),
        Self(
            "$OCC run --from 2026-11-20 --to 2026-11-10",
            64,
            "there are no days from 2026-11-20 to 2026-11-10; check --from and --to"
        ),
        Self(
            "$OCC run --export lists",
            64,
            "there is no export 'lists' in occ-export.yaml; there are list"
        ),
        Self(
            "$OCC run --dry-run --accept-gap",
            64,
            "--accept-gap lets days go for good, and a dry run decides nothing; say one of them"
        ),
        Self(
            "OCC_EXPORT_NOW=2026-11-23T20:00:00Z $OCC run",
            77,
            "the clock stands before the last run, 2026-11-24T03:00:00Z; set it right, the run counts from then"
        ),
        Self(
            "sed -i 's/psk_file: psk/&\\n  contracts: [\"22297\", \"999\"]/' occ-export.yaml; $OCC run",
            3,
            "contract-transactions of contract 999: is not among the contracts that this access id may see; ask Alexela, or take it out of source.contracts"
        ),
        Self(
            "sed -i 's/psk_file: psk/&\\n  contracts: [\"22297\"]/' occ-export.yaml; $OCC run",
            0,
            "contract 123 is listed by the API and not configured; add it to source.contracts, or nothing of it is exported"
        ),
        Self(
            "rm -r state outbox; sed -i s/2026-07-01/2025-01-01/ occ-export.yaml; $OCC init; $OCC run",
            0,
            "contract-transactions of contract 22297: an export begins on 2024-12-31, the API answers from 2026-06-26 on; what was bought before cannot be fetched, ask Alexela for it"
        ),
        Self(
            "touch rows.json; $OCC fetch --raw rows.json",
            64,
            "rows.json: is there already; nothing was changed; choose another name"
        ),
        Self(
            "$OCC fetch --feed fuel",
            64,
            "The value 'fuel' is invalid for '--feed <feed>': 'fuel' is no feed; there are contract-transactions, bonuscard-transactions, ev-transactions"
        ),
        Self(
            """
            OCC_EXPORT_CRASH_AFTER=prepared $OCC reissue 1; mkdir outbox/2026-11-24_list_000002
            $OCC run
            """,
            4,
            "outbox/2026-11-24_list_000002: something else is there under the name of batch 2; move it away, the next run goes on"
        ),
        Self(
            """
            OCC_EXPORT_CRASH_AFTER=prepared $OCC reissue 1; echo x >> outbox/.occ-export/staging/2/2026-11-24_list_000002/ids_1.csv
            $OCC run
            """,
            4,
            "outbox/.occ-export/staging/2/2026-11-24_list_000002: what lies in staging is not what the ledger knows as batch 2; nothing was published: put the files back, or remove 'outbox/.occ-export/staging/2' and run 'occ-export resolve --batch 2 --never-went-out'"
        ),
        Self(
            """
            OCC_EXPORT_CRASH_AFTER=prepared $OCC reissue 1; rm -r outbox/.occ-export/staging/2
            $OCC run
            """,
            4,
            "outbox/.occ-export/staging/2: batch 2 was prepared, and its staging folder is gone; look whether '2026-11-24_list_000002' reached its consumer, then say so with 'occ-export resolve --batch 2'"
        ),
    ]

    static let statuses = [
        Self(
            "sed -i s/ERP-TEST-1/ERP-TEST-2/ occ-export.yaml; $OCC run; $OCC status",
            3,
            "the last run, 2026-11-24T03:00:00Z, failed (refused); state/reports/2.json says why; mend it, then 'occ-export run'"
        ),
        Self(
            "OCC_EXPORT_NOW=2027-04-22T03:00:00Z $OCC status",
            3,
            "contract-transactions of contract 22297: sure up to 2026-11-23 only, a gap arises in 1 day; run 'occ-export run' before, and mend what keeps it"
        ),
        Self(
            "OCC_EXPORT_NOW=2027-05-03T03:00:00Z $OCC status",
            4,
            "contract-transactions of contract 22297: 2026-11-24..2026-12-04 was never fetched and is out of reach; ask Alexela for these days, then 'occ-export run --accept-gap' once"
        ),
    ]

    static let verifications = [
        Self(
            "OCC_EXPORT_CRASH_AFTER=prepared $OCC reissue 1; $OCC verify",
            65,
            "2026-11-24_list_000002: is prepared and not published; the next run settles it"
        ),
        Self(
            "echo >> $B/ids_1.csv; $OCC verify",
            65,
            "2026-11-24_list_000001: ids_1.csv was changed after publication; if its consumer did that, the next run notes it, else 'occ-export reissue 1'"
        ),
        Self(
            "rm $B/ids_1.csv; $OCC verify",
            65,
            "2026-11-24_list_000001: ids_1.csv is missing; if its consumer took it, the next run notes that, else 'occ-export reissue 1'"
        ),
        Self(
            "touch $B/notes.txt; $OCC verify",
            65,
            "2026-11-24_list_000001: notes.txt is no file of the batch; move it away"
        ),
        Self(
            "echo >> $B/manifest.json; $OCC verify",
            65,
            "2026-11-24_list_000001: manifest.json is not the one that was published; 'occ-export reissue 1' makes the files anew"
        ),
        Self(
            "cp -r $B outbox/copy; echo >> outbox/copy/manifest.json; $OCC verify",
            65,
            "copy: is a batch that the ledger does not know; keep it from consumers, and find out who put it there"
        ),
        Self(
            "cp -r $B outbox/copy; $OCC verify",
            65,
            "copy: is a copy of batch 1, which lies in the outbox too; a consumer may take both, move one away"
        ),
        Self(
            """
            OCC_EXPORT_CRASH_AFTER=prepared $OCC reissue 1; mv outbox/.occ-export/staging/2 aside
            $OCC resolve --batch 2 --never-went-out; mv aside/*_000002 outbox/copy; $OCC verify
            """,
            65,
            "copy: is batch 2, which never went out, as was decided: its transactions are sent under another number; take it from its consumers"
        ),
        Self(
            """
            OCC_EXPORT_CRASH_AFTER=prepared $OCC reissue 1; mv outbox/.occ-export/staging/2 aside
            $OCC resolve --batch 2 --never-went-out; mv aside/*_000002 outbox/; $OCC verify
            """,
            65,
            "2026-11-24_list_000002: never went out, as was decided, and '2026-11-24_list_000002/ids_1.csv' lies in the outbox: its transactions are sent under another number; move it away from its consumers"
        ),
        Self(
            """
            $OCC reissue 1; rm -r state outbox/.occ-export/records/000001.jsonl; $OCC reconcile; $OCC verify
            """,
            65,
            "2026-11-24_list_000002: number 1 is missing in the ledger; run 'occ-export reconcile' to read it from the outbox"
        ),
        Self(
            """
            $OCC reissue 1; rm -r state outbox/.occ-export/records/000001.jsonl; $OCC reconcile; $OCC verify
            """,
            65,
            "2026-11-24_list_000002: the chain is broken: 'previous' is not the hash of the batch before; the ledger is not the one that made it, bring that one back"
        ),
        Self(
            """
            rm -r state; sed -i 2d outbox/.occ-export/records/000001.jsonl; $OCC reconcile; $OCC verify
            """,
            65,
            "2026-11-24_list_000001: the manifest says 1 rows, the ledger has 0; bring back the newest ledger, or run 'occ-export reconcile' beside an older copy"
        ),
    ]

    static let explanations = [
        Self(
            "$OCC explain",
            64,
            "say FILE:LINE or --transaction ID, such as postings.csv:17"
        ),
        Self(
            "$OCC explain ids_1.csv",
            64,
            "'ids_1.csv' is not FILE:LINE; say the file and the number of a line, from 1: postings.csv:17"
        ),
        Self(
            "$OCC explain ids_1.csv:2",
            64,
            "ids_1.csv: there is no such file; name it where it lies now, its name and content tell the batch"
        ),
        Self("$OCC explain $B/ids_1.csv:9", 64, "PATH/ids_1.csv: has no line 9; its last is 1"),
        Self(
            "echo 2 >> $B/ids_1.csv; $OCC explain $B/ids_1.csv:1",
            65,
            "PATH/ids_1.csv: the ledger knows no published file with this content; if it was changed after publication, name an unchanged copy ('occ-export reissue' makes one)"
        ),
        Self(
            "$OCC explain --transaction 5",
            65,
            "the ledger knows no transaction '5'; is the id whole, and was its day fetched ('occ-export status')?"
        ),
        Self(
            "sed -i 's/name: list/name: other/' occ-export.yaml; $OCC explain $B/ids_1.csv:1",
            0,
            "export 'list' is no longer in the configuration"
        ),
        Self(
            "rm -r state/archive/batches/000001; $OCC explain $B/ids_1.csv:1",
            0,
            "the archive does not have the batch: it was purged, or lost with the state"
        ),
        Self(
            "rm -r list; $OCC explain $B/ids_1.csv:1",
            0,
            "the template of 'list' is no longer there, or is refused now"
        ),
        Self(
            "rm state/ledger.sqlite; $OCC reconcile; $OCC explain $B/ids_1.csv:1",
            0,
            "values of its rows are purged, or only 'reconcile' knows of them"
        ),
        Self(
            """
            $OCC reissue 1; rm -r state/ledger.sqlite outbox/.occ-export/records/000001.jsonl; $OCC reconcile
            $OCC explain outbox/2026-11-24_list_000002/ids_1.csv:1
            """,
            0,
            "the ledger does not know its first issue; and no transaction id stands in this line: the batch carries 0 rows"
        ),
        Self(
            "$OCC reissue 7",
            64,
            "there is no published batch 7; the number stands at the end of a batch's name"
        ),
        Self(
            "rm -r state/archive/batches/000001; $OCC reissue 1",
            74,
            "batch 1: its files are no longer in the archive; 'purge' or another tool deleted them, or the state was lost; take them from the outbox or its consumer"
        ),
        Self(
            "echo 1 | gzip > state/archive/batches/000001/ids_1.csv.gz; $OCC reissue 1",
            74,
            "batch 1: the archive's copy of 'ids_1.csv' is damaged; nothing was published; bring it back from a copy of the archive"
        ),
        Self(
            "echo 1 > state/archive/batches/000001/ids_1.csv.gz; $OCC reissue 1",
            74,
            "state/archive/batches/000001/ids_1.csv.gz: is no whole gzip file; bring it back from a copy of the archive"
        ),
        Self(
            "$OCC purge",
            64,
            "would delete what is older than 2019-11-24; add --yes to do it"
        ),
        Self(
            "$OCC purge --card",
            64,
            "would delete one person's values; add --yes to do it"
        ),
        Self(
            "$OCC purge --card --driver",
            64,
            "--driver and --card exclude each other; purge one after the other"
        ),
        Self(
            "$OCC purge --driver --yes < /dev/null",
            64,
            "there is no name or number on standard input; pipe it in: printf %s \"$NAME\" | occ-export purge --driver --yes"
        ),
    ]

    static let decisions = [
        Self("$OCC resolve", 0, "there is nothing to decide"),
        Self(
            "$OCC resolve --batch 1 --went-out",
            64,
            "there is no prepared batch 1; 'occ-export status' says what waits"
        ),
        Self(
            "OCC_EXPORT_CRASH_AFTER=prepared $OCC reissue 1; $OCC resolve --batch 2 --went-out",
            4,
            "outbox/.occ-export/staging/2: batch 2 lies in staging, so there is nothing to decide: the next run settles it"
        ),
        Self(
            "OCC_EXPORT_CRASH_AFTER=renamed $OCC reissue 1; rm -r outbox/.occ-export/staging/2; $OCC resolve --batch 2 --never-went-out",
            4,
            "outbox/2026-11-24_list_000002/ids_1.csv: batch 2 lies in the outbox; say --went-out, or move it away first when no consumer has it"
        ),
        Self(
            "OCC_EXPORT_CRASH_AFTER=renamed $OCC reissue 1; rm -r outbox/.occ-export/staging/2; $OCC resolve --batch 2 --went-out",
            0,
            "batch 2 counts as published"
        ),
        Self(
            "OCC_EXPORT_CRASH_AFTER=prepared $OCC reissue 1; rm -r outbox/.occ-export/staging/2; $OCC resolve --batch 2 --never-went-out",
            0,
            "batch 2 never went out; what it carried is due again with the next run"
        ),
        // The question is the same with the batch named and without, and answers nothing by itself.
        Self(
            "OCC_EXPORT_CRASH_AFTER=prepared $OCC reissue 1; rm -r outbox/.occ-export/staging/2; $OCC resolve",
            0,
            staging
        ),
        Self(
            "OCC_EXPORT_CRASH_AFTER=prepared $OCC reissue 1; rm -r outbox/.occ-export/staging/2; yes | $OCC resolve --batch 2",
            64,
            staging
        ),
        Self(
            "$OCC resolve --unread 5",
            64,
            "there is no row '5' that could not be read; 'occ-export status' says what waits"
        ),
        Self(
            "$OCC resolve --transaction 7000000001",
            64,
            "say --export with --send, --keep, --drop or --retry, or --contract"
        ),
        Self(
            "$OCC resolve --transaction 7000000001 --export lists --keep",
            64,
            "there is no export 'lists' in occ-export.yaml; there are list"
        ),
        Self(
            "$OCC resolve --transaction 7000000001 --export list --keep --drop",
            64,
            "say one of --send, --keep, --drop and --retry"
        ),
        Self(
            "$OCC resolve --transaction 7000000001 --export list",
            64,
            "there is no decision on transaction 7000000001 that 'list' waits for; 'occ-export status' says what waits"
        ),
        Self(
            "$OCC resolve --transaction 7000000001 --export list --keep",
            64,
            "there is no held correction of transaction 7000000001 for export 'list'; 'occ-export status' says what waits"
        ),
        Self(
            "$OCC resolve --transaction 7000000001 --export list --drop",
            64,
            "there is no transaction 7000000001 that 'list' cannot send; 'occ-export status' says what waits"
        ),
        Self(
            "$OCC resolve --transaction 7000000001 --export list --retry",
            64,
            "there is no transaction 7000000001 that 'list' was told to leave out; 'occ-export status' says what waits"
        ),
        Self(
            "$OCC resolve --transaction 7000000001 --contract 123",
            64,
            "there is no transaction 7000000001 under two contracts, one of them 123; 'occ-export status' says what waits"
        ),
        Self(
            "$OCC resolve --transaction 7000000001#0 --contract 123",
            64,
            "'7000000001#0' is no transaction id; say it as 'occ-export status' shows it: 7000000123, or 7000000123#2 for a second line"
        ),
    ]

    private static let staging =
        "batch 2, '2026-11-24_list_000002', was prepared on 2026-11-24T03:00:00Z and its staging folder is gone. Look in the outbox and ask its consumer: did '2026-11-24_list_000002' arrive? occ-export resolve --batch 2 --went-out, or --never-went-out to send its transactions again"
}

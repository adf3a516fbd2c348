/* The least that a ledger can cost: keys and 16-byte hashes of COUNT rows, inserted and then found unchanged, in plain C. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

static double seconds(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

int main(int count, char **words) {
    if (count < 3) return 64;
    int rows = atoi(words[1]);
    sqlite3 *ledger;
    if (sqlite3_open_v2(words[2], &ledger, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, 0)) return 1;
    sqlite3_exec(ledger, "PRAGMA journal_mode = DELETE; PRAGMA synchronous = EXTRA; CREATE TABLE keys (contract TEXT NOT NULL,"
        "id TEXT NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (contract, id)) STRICT, WITHOUT ROWID", 0, 0, 0);
    for (int pass = 0; pass < 2; pass++) {
        double before = seconds();
        sqlite3_stmt *upsert;
        sqlite3_exec(ledger, "BEGIN", 0, 0, 0);
        sqlite3_prepare_v2(ledger, "INSERT INTO keys VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET hash = excluded.hash"
            " WHERE hash IS NOT excluded.hash", -1, &upsert, 0);
        for (int row = 0; row < rows; row++) {
            char id[24];
            unsigned char hash[16] = {0};
            memcpy(hash, &row, sizeof row);
            sqlite3_bind_text(upsert, 1, "22297", 5, SQLITE_STATIC);
            sqlite3_bind_text(upsert, 2, id, sprintf(id, "%lld", 7000000001LL + row), SQLITE_TRANSIENT);
            sqlite3_bind_blob(upsert, 3, hash, 16, SQLITE_TRANSIENT);
            if (sqlite3_step(upsert) != SQLITE_DONE) return 1;
            sqlite3_reset(upsert);
        }
        sqlite3_finalize(upsert);
        sqlite3_exec(ledger, "COMMIT", 0, 0, 0);
        printf("plain C, %s: %.3f CPU s\n", pass ? "found unchanged" : "keys inserted", seconds() - before);
    }
    return sqlite3_close(ledger);
}

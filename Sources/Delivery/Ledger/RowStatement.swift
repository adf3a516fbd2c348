internal import GRDB
internal import GRDBSQLite

/// A statement of SQLite that runs once a row.
///
/// Run through its C interface: GRDB's own execution takes twice as long as the insert itself (3.3
/// against 1.6 s CPU a million rows). The connection, its transactions and its errors stay GRDB's.
@safe final class RowStatement {
    private let statement: OpaquePointer
    private let connection: OpaquePointer

    /// Prepares a statement (sqlite.org/c3ref/prepare.html).
    init(_ database: Database, sql: String) throws {
        guard let connection = unsafe database.sqliteConnection else {
            throw DatabaseError(message: "the ledger is closed")
        }
        var prepared: OpaquePointer?
        let code = unsafe sqlite3_prepare_v3(
            connection,
            sql,
            -1,
            UInt32(SQLITE_PREPARE_PERSISTENT),
            &prepared,
            nil
        )
        guard code == SQLITE_OK, let prepared = unsafe prepared else {
            throw unsafe Self.failure(connection, code)
        }
        unsafe statement = unsafe prepared
        unsafe self.connection = unsafe connection
    }

    deinit { _ = unsafe sqlite3_finalize(statement) }

    private static func failure(_ connection: OpaquePointer, _ code: CInt) -> DatabaseError {
        let message = unsafe sqlite3_errmsg(connection).map { unsafe String(cString: $0) }
        return DatabaseError(resultCode: ResultCode(rawValue: code), message: message)
    }

    /// Sets a parameter, counted from 1 (sqlite.org/c3ref/bind_blob.html); a wrong one fails in `run`.
    func bind(_ place: CInt, _ value: Int64) {
        _ = unsafe sqlite3_bind_int64(statement, place, value)
    }

    /// Sets a parameter to bytes, which SQLite copies.
    func bind(_ place: CInt, blob bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBytes { unsafe bind(place, blob: $0) }
    }

    /// Sets a parameter to bytes, which SQLite copies.
    func bind(_ place: CInt, blob bytes: [UInt8]) { bind(place, blob: bytes.span) }

    /// Sets a parameter to the 16 bytes of a fingerprint.
    func bind(_ place: CInt, _ fingerprint: Fingerprint) {
        unsafe fingerprint.withBytes { unsafe bind(place, blob: $0) }
    }

    private func bind(_ place: CInt, blob buffer: UnsafeRawBufferPointer) {
        _ = unsafe sqlite3_bind_blob(
            statement,
            place,
            buffer.baseAddress,
            CInt(buffer.count),
            Self.copied
        )
    }

    /// Sets a parameter to UTF-8, which SQLite copies.
    func bind(_ place: CInt, text: Span<UInt8>) {
        _ = unsafe text.withUnsafeBytes { buffer in
            unsafe sqlite3_bind_text(
                statement,
                place,
                buffer.baseAddress?.assumingMemoryBound(to: CChar.self),
                CInt(buffer.count),
                Self.copied
            )
        }
    }

    /// Sets a parameter, to NULL where there is no value.
    func bind(_ place: CInt, _ value: Int64?) {
        if let value {
            bind(place, value)
        } else {
            _ = unsafe sqlite3_bind_null(statement, place)
        }
    }

    /// SQLITE_TRANSIENT: SQLite makes a copy before it returns (sqlite.org/c3ref/c_static.html).
    private static var copied: sqlite3_destructor_type {
        unsafe unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    }

    /// Runs a statement that gives no rows; returns the number of the row that was inserted last.
    @discardableResult
    func run() throws -> Int64 {
        let code = unsafe sqlite3_step(statement)
        _ = unsafe sqlite3_reset(statement)
        guard code == SQLITE_DONE else { throw unsafe Self.failure(connection, code) }
        return unsafe sqlite3_last_insert_rowid(connection)
    }

    /// Runs a query and hands each row to `take`, which reads its columns.
    func visit(_ take: (borrowing RowStatement) throws -> Void) throws {
        defer { _ = unsafe sqlite3_reset(statement) }
        while true {
            let code = unsafe sqlite3_step(statement)
            if code == SQLITE_DONE { return }
            guard code == SQLITE_ROW else { throw unsafe Self.failure(connection, code) }
            try take(self)
        }
    }

    /// A column of the row, counted from 0; 0 for NULL.
    func integer(_ column: CInt) -> Int64 { unsafe sqlite3_column_int64(statement, column) }

    /// Whether a column is NULL.
    func isNull(_ column: CInt) -> Bool {
        unsafe sqlite3_column_type(statement, column) == SQLITE_NULL
    }

    /// Reads a text or blob column without copying it.
    func withBytes<Result>(_ column: CInt, _ read: (UnsafeRawBufferPointer) -> Result) -> Result {
        let start = unsafe sqlite3_column_blob(statement, column)
        let count = Int(unsafe sqlite3_column_bytes(statement, column))
        return unsafe read(UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count))
    }
}

extension RowStatement {
    private static let rowsOfOne = 32

    /// Inserts many rows, 32 with each statement: cursors stay open and find the next row's place beside
    /// the last one's, which takes a third less than a statement a row.
    ///
    /// `values`: one row's, in parentheses; `bind` sets the parameters of the row with that index, the
    /// first of which has the number it is given. A parameter `?1` that all rows share is set by `share`.
    static func insert(
        _ database: Database,
        into table: String,
        values: String,
        count: Int,
        share: (RowStatement) -> Void = { _ in },
        bind: (Int, RowStatement, CInt) throws -> Void
    ) throws {
        let shared: CInt = values.contains("?1") ? 1 : 0
        let own = CInt(values.count { $0 == "?" }) - shared
        var index = 0
        for size in [rowsOfOne, 1] where count - index >= size {
            let rows = repeatElement(values, count: size).joined(separator: ",")
            let statement = try RowStatement(database, sql: "INSERT INTO \(table) VALUES \(rows)")
            share(statement)
            while count - index >= size {
                for row in 0..<size {
                    try bind(index + row, statement, shared + own * CInt(row) + 1)
                }
                try statement.run()
                index += size
            }
        }
    }
}

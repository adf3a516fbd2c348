/// Passes files on, or puts them into one zip archive as they come.
struct PackagingSink<Inner: FileSink>: Sendable {
    private(set) var inner: Inner
    private var archive: ZipArchive?

    init(_ inner: Inner) { self.inner = inner }

    mutating func beginPackage(_ name: String) throws {
        try inner.begin(name)
        archive = ZipArchive()
    }

    mutating func endPackage() throws {
        guard let bytes = archive?.end() else { return }
        try inner.write(bytes)
        try inner.end()
        archive = nil
    }

    mutating func begin(_ name: String) throws {
        guard let bytes = archive?.begin(name) else { return try inner.begin(name) }
        try inner.write(bytes)
    }

    mutating func write(_ bytes: [UInt8]) throws {
        guard archive != nil else { return try inner.write(bytes) }
        try inner.write(try archive?.append(bytes) ?? [])
    }

    mutating func end() throws {
        guard let bytes = try archive?.endMember() else { return try inner.end() }
        try inner.write(bytes)
    }

    mutating func restart() throws {
        archive = nil
        try inner.restart()
    }
}

internal import Glibc

/// Where a path leads, links followed as far as it is there.
struct RealPath: Equatable {
    /// The names from the root on.
    private let names: [Substring]

    /// Finds where a path leads; what is not there yet is taken as it is written.
    init(_ path: String) {
        var head = path.hasPrefix("/") ? path : "./\(path)"
        var tail: [Substring] = []
        while true {
            // realpath(3): the result is allocated, and nil where nothing is.
            if let found = unsafe realpath(head, nil) {
                let real = unsafe String(cString: found)
                unsafe free(found)
                names = Self.plain(real.split(separator: "/") + tail)
                return
            }
            guard let slash = head.lastIndex(of: "/"), slash > head.startIndex else {
                names = Self.plain(head.split(separator: "/") + tail)
                return
            }
            tail.insert(head[head.index(after: slash)...], at: 0)
            head = String(head[..<slash])
        }
    }

    private static func plain(_ names: [Substring]) -> [Substring] {
        var plain: [Substring] = []
        for name in names where name != "." && !name.isEmpty {
            if name == ".." { plain = plain.dropLast() } else { plain.append(name) }
        }
        return plain
    }

    /// Whether it is another path, or lies below it.
    func isWithin(_ other: RealPath) -> Bool { names.starts(with: other.names) }
}

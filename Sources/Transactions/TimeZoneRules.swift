internal import FoundationEssentials

/// A time zone's offsets, from the system's tz database file (TZif, RFC 8536).
///
/// Instants after the file's last transition follow its footer, a POSIX TZ rule.
public struct TimeZoneRules: Sendable, Hashable {
    /// Why a zone could not be read.
    public struct ReadingError: Error, CustomStringConvertible, Hashable {
        /// What is wrong, in one line.
        public let description: String
    }

    /// The zone's name, such as `Europe/Tallinn`.
    public let identifier: String
    private let transitions: [Int64]
    private let offsets: [Int32]
    private let initialOffset: Int32
    private let footer: PosixRule?

    /// UTC itself.
    public static let utc = TimeZoneRules(
        identifier: "UTC",
        transitions: [],
        offsets: [],
        initialOffset: 0,
        footer: nil
    )

    private static let lastTabledYear = 2099

    private init(
        identifier: String,
        transitions: [Int64],
        offsets: [Int32],
        initialOffset: Int32,
        footer: PosixRule?
    ) {
        self.identifier = identifier
        self.transitions = transitions
        self.offsets = offsets
        self.initialOffset = initialOffset
        self.footer = footer
    }

    /// Reads a zone by its name, such as `Europe/Tallinn`.
    ///
    /// - Parameters:
    ///   - identifier: letters, digits, `_ + - /`, no part beginning with a dot.
    ///   - directory: where the tz database's files are.
    /// - Throws: `ReadingError` when there is no such file or it is no TZif file.
    public init(identifier: String, directory: String = "/usr/share/zoneinfo")
        throws(ReadingError)
    {
        let parts = identifier.split(separator: "/", omittingEmptySubsequences: false)
        let isName = parts.allSatisfy { part in
            !part.isEmpty
                && part.utf8.allSatisfy {
                    switch $0 {
                    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2B, 0x2D, 0x5F: true
                    default: false
                    }
                }
        }
        guard isName else {
            throw ReadingError(description: "'\(identifier)' is no time zone name")
        }
        let path = "\(directory)/\(identifier)"
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ReadingError(
                description: "no time zone '\(identifier)' in \(directory); is tzdata installed?"
            )
        }
        try self.init(identifier: identifier, file: Array(data))
    }

    /// Reads the bytes of a TZif file of version 2 or later.
    ///
    /// - Throws: `ReadingError` when the bytes are no such file.
    public init(identifier: String, file: [UInt8]) throws(ReadingError) {
        let broken = ReadingError(description: "time zone '\(identifier)': not a TZif file")
        guard let first = TZifHeader(file, at: 0), first.version >= 0x32 else { throw broken }
        let secondStart = 44 + first.bodySize(timeSize: 4)
        guard let header = TZifHeader(file, at: secondStart),
            secondStart + 44 + header.bodySize(timeSize: 8) < file.count
        else { throw broken }
        var position = secondStart + 44
        func number(_ size: Int, at start: Int) -> Int64 {
            var value: Int64 = (file[start] & 0x80) != 0 ? -1 : 0
            for byte in file[start..<start + size] { value = value << 8 | Int64(byte) }
            return value
        }
        var transitions: [Int64] = []
        for index in 0..<header.times { transitions.append(number(8, at: position + index * 8)) }
        position += header.times * 8
        let indices = file[position..<position + header.times].map(Int.init)
        position += header.times
        var types: [Int32] = []
        for index in 0..<header.types {
            types.append(Int32(truncatingIfNeeded: number(4, at: position + index * 6)))
        }
        guard !types.isEmpty, indices.allSatisfy({ $0 < types.count }) else { throw broken }
        let footerStart = secondStart + 44 + header.bodySize(timeSize: 8)
        let footer = file[footerStart...].dropFirst().prefix { $0 != 0x0A }
        let rule = PosixRule(String(decoding: footer, as: UTF8.self))
        var offsets = indices.map { types[$0] }
        // The rule's changes of the years we meet are put into the table, where a look-up costs a sixth
        // of working one out.
        if let rule {
            for year in 1970...Self.lastTabledYear {
                for change in rule.changes(in: year)
                where change.instant > transitions.last ?? .min {
                    transitions.append(change.instant)
                    offsets.append(Int32(change.offset))
                }
            }
        }
        self.init(
            identifier: identifier,
            transitions: transitions,
            offsets: offsets,
            initialOffset: types[0],
            footer: rule
        )
    }

    /// Seconds east of UTC at an instant.
    public func offset(at instant: UTCTimestamp) -> Int {
        guard let last = transitions.last else {
            return footer?.offset(at: instant) ?? Int(initialOffset)
        }
        if instant.seconds >= last {
            return footer?.offset(at: instant) ?? Int(offsets[offsets.count - 1])
        }
        guard instant.seconds >= transitions[0] else { return Int(initialOffset) }
        var (low, high) = (0, transitions.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if transitions[middle] <= instant.seconds { low = middle } else { high = middle }
        }
        return Int(offsets[low])
    }

    /// The offset at an instant, and the instants from which and before which it holds; they may be
    /// nearer than the zone's changes.
    public func period(at seconds: Int64) -> (offset: Int64, from: Int64, until: Int64) {
        let offset = UTCTimestamp(seconds: seconds).map { self.offset(at: $0) } ?? 0
        guard let first = transitions.first, let last = transitions.last, seconds >= first,
            seconds < last
        else { return (Int64(offset), seconds, seconds &+ 1) }
        var (low, high) = (0, transitions.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if transitions[middle] <= seconds { low = middle } else { high = middle }
        }
        return (Int64(offset), transitions[low], transitions[high])
    }

    /// The calendar day and clock time at an instant.
    public func localTime(at instant: UTCTimestamp) -> LocalTime {
        LocalTime(instant, offset: offset(at: instant))
    }
}

/// The counts at the head of one block of a TZif file (RFC 8536, 3.1).
private struct TZifHeader {
    let version: UInt8
    let times: Int
    let types: Int
    private let counts: [Int]

    init?(_ file: [UInt8], at start: Int) {
        guard start >= 0, file.count >= start + 44,
            Array(file[start..<start + 4]) == [0x54, 0x5A, 0x69, 0x66]
        else { return nil }
        version = file[start + 4]
        var counts: [Int] = []
        for index in 0..<6 {
            let place = start + 20 + index * 4
            counts.append(file[place..<place + 4].reduce(0) { $0 << 8 | Int($1) })
        }
        // isutcnt, isstdcnt, leapcnt, timecnt, typecnt, charcnt
        guard counts.allSatisfy({ $0 < 1_000_000 }) else { return nil }
        self.counts = counts
        times = counts[3]
        types = counts[4]
    }

    func bodySize(timeSize: Int) -> Int {
        times * (timeSize + 1) + types * 6 + counts[5] + counts[2] * (timeSize + 4) + counts[1]
            + counts[0]
    }
}

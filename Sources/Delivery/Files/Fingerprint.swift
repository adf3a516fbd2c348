internal import Crypto
internal import FoundationEssentials

/// What makes a transaction this version and no other: 128 bits of its content.
///
/// MurmurHash3 (x64, 128 bits, seed 0; github.com/aappleby/smhasher): 0.1 us for a row, where SHA-256
/// takes 0.9 (Swift 6.3). It tells versions apart and guards nothing: who could make two contents alike
/// could as well not send the second one.
struct Fingerprint: Hashable, Sendable {
    private let first: UInt64
    private let second: UInt64

    /// Of a content.
    init(of bytes: [UInt8]) {
        self = unsafe bytes.withUnsafeBytes { unsafe Fingerprint(hashing: $0) }
    }

    private init(hashing bytes: UnsafeRawBufferPointer) {
        var one: UInt64 = 0
        var two: UInt64 = 0
        var place = 0
        while place + 16 <= bytes.count {
            one ^= Self.mixedFirst(unsafe Self.word(bytes, place))
            one = (Self.rotated(one, 27) &+ two) &* 5 &+ 0x52DC_E729
            two ^= Self.mixedSecond(unsafe Self.word(bytes, place + 8))
            two = (Self.rotated(two, 31) &+ one) &* 5 &+ 0x3849_5AB5
            place += 16
        }
        var rest: (UInt64, UInt64) = (0, 0)
        for offset in 0..<(bytes.count - place) {
            let byte = UInt64(unsafe bytes[place + offset]) << UInt64(8 * (offset % 8))
            if offset < 8 { rest.0 |= byte } else { rest.1 |= byte }
        }
        two ^= Self.mixedSecond(rest.1)
        one ^= Self.mixedFirst(rest.0)
        one ^= UInt64(bytes.count)
        two ^= UInt64(bytes.count)
        one &+= two
        two &+= one
        one = Self.finished(one)
        two = Self.finished(two)
        one &+= two
        two &+= one
        first = one
        second = two
    }

    /// From the ledger; zero for what is none.
    init(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count == 16 else {
            (first, second) = (0, 0)
            return
        }
        first = unsafe Self.word(bytes, 0)
        second = unsafe Self.word(bytes, 8)
    }

    init(_ bytes: [UInt8]) { self = unsafe bytes.withUnsafeBytes { unsafe Fingerprint($0) } }

    /// As ledgers before version 4 and their records in the outbox have it: of SHA-256, the first half.
    init(formerlyOf bytes: [UInt8]) {
        self.init(Array(SHA256.hash(data: bytes).prefix(16)))
    }

    /// 16 bytes, as ledger and records have them.
    var bytes: [UInt8] { unsafe withBytes { unsafe Array($0) } }

    /// The same without an allocation.
    func withBytes<Result>(_ read: (UnsafeRawBufferPointer) -> Result) -> Result {
        var words = (first.littleEndian, second.littleEndian)
        return unsafe withUnsafeBytes(of: &words) { unsafe read($0) }
    }

    private static func word(_ bytes: UnsafeRawBufferPointer, _ place: Int) -> UInt64 {
        unsafe bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self).littleEndian
    }

    private static func rotated(_ value: UInt64, _ bits: UInt64) -> UInt64 {
        value << bits | value >> (64 - bits)
    }

    private static func mixedFirst(_ word: UInt64) -> UInt64 {
        rotated(word &* 0x87C3_7B91_1142_53D5, 31) &* 0x4CF5_AD43_2745_937F
    }

    private static func mixedSecond(_ word: UInt64) -> UInt64 {
        rotated(word &* 0x4CF5_AD43_2745_937F, 33) &* 0x87C3_7B91_1142_53D5
    }

    private static func finished(_ value: UInt64) -> UInt64 {
        var value = value
        value ^= value >> 33
        value &*= 0xFF51_AFD7_ED55_8CCD
        value ^= value >> 33
        value &*= 0xC4CE_B9FE_1A85_EC53
        value ^= value >> 33
        return value
    }
}

/// Bytes of records in the making, with room enough that ops write without asking.
///
/// Raw memory, because each byte of each file goes through it: an array that asks at each append
/// whether it is alone and has room took three times as long (job A, 1M rows, Swift 6.3). Only this
/// type touches the memory; whoever writes has asked `makesRoom` for it.
@safe
struct RowBuffer: ~Copyable {
    private let base: UnsafeMutableRawPointer
    private(set) var count = 0
    /// Bytes after which the buffer is to be emptied; a record may go beyond.
    static let full = 1 << 16
    private let capacity: Int
    /// Words are written whole, so a text may scribble behind its end.
    private static let slack = 16

    init(capacity: Int = 1 << 18) {
        self.capacity = capacity
        unsafe base = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 64)
    }

    deinit { unsafe base.deallocate() }

    /// Whether so many more bytes fit; if not, the record is none for this buffer.
    @inline(__always)
    func hasRoom(_ more: Int) -> Bool { count &+ more &+ Self.slack <= capacity }

    /// Takes bytes back.
    @inline(__always)
    mutating func cut(to count: Int) { self.count = count }

    /// Appends a byte.
    @inline(__always)
    mutating func append(_ byte: UInt8) {
        unsafe base.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
        count &+= 1
    }

    /// Sets a byte that was appended before, or makes room for one.
    @inline(__always)
    func set(_ byte: UInt8, at place: Int) {
        unsafe base.storeBytes(of: byte, toByteOffset: place, as: UInt8.self)
    }

    /// A byte that was appended before.
    @inline(__always)
    func byte(at place: Int) -> UInt8 {
        unsafe base.load(fromByteOffset: place, as: UInt8.self)
    }

    /// Makes the next bytes part of the buffer; the caller sets each.
    @inline(__always)
    mutating func advance(_ more: Int) { count &+= more }

    /// Appends a byte so many times.
    @inline(__always)
    mutating func append(_ byte: UInt8, times: Int) {
        let word = UInt64(byte) &* 0x0101_0101_0101_0101
        var place = 0
        while place < times {
            unsafe base.storeBytes(of: word, toByteOffset: count &+ place, as: UInt64.self)
            place &+= 8
        }
        count &+= times
    }

    /// Appends constant bytes.
    @inline(__always)
    mutating func append(_ bytes: ConstantBytes, _ start: Int, _ length: Int) {
        var place = 0
        while place < length {
            unsafe base.storeBytes(
                of: bytes.word(at: start &+ place),
                toByteOffset: count &+ place,
                as: UInt64.self
            )
            place &+= 8
        }
        count &+= length
    }

    /// Appends bytes.
    @inline(__always)
    mutating func append(_ bytes: Span<UInt8>, _ start: Int, _ length: Int) {
        var place = 0
        while place &+ 8 <= length {
            let word = unsafe bytes.bytes.unsafeLoadUnaligned(
                fromByteOffset: start &+ place,
                as: UInt64.self
            )
            unsafe base.storeBytes(of: word, toByteOffset: count &+ place, as: UInt64.self)
            place &+= 8
        }
        if place < length, start &+ place &+ 8 <= bytes.count {
            let word = unsafe bytes.bytes.unsafeLoadUnaligned(
                fromUncheckedByteOffset: start &+ place,
                as: UInt64.self
            )
            unsafe base.storeBytes(of: word, toByteOffset: count &+ place, as: UInt64.self)
            place = length
        }
        while place < length {
            set(bytes[start &+ place], at: count &+ place)
            place &+= 1
        }
        count &+= length
    }

    /// Moves the bytes from a place on to the right, and fills the gap.
    mutating func insert(_ byte: UInt8, times: Int, at place: Int) {
        guard times > 0 else { return }
        unsafe (base + place + times).copyMemory(from: base + place, byteCount: count - place)
        for index in place..<place + times { set(byte, at: index) }
        count += times
    }

    /// Appends some of 8 digits; what is behind them may be scribbled on.
    @inline(__always)
    mutating func append(_ digits: EightDigits, from first: Int, _ length: Int) {
        let shift = UInt64(truncatingIfNeeded: first &* 8)
        unsafe base.storeBytes(
            of: (digits.ascii &>> shift).littleEndian,
            toByteOffset: count,
            as: UInt64.self
        )
        count &+= length
    }

    /// Sets two digits of a number below 100.
    @inline(__always)
    func setPair(_ value: Int, at place: Int) {
        let tens = (value &* 103) &>> 10
        let pair = 0x3030 &+ tens &+ (value &- tens &* 10) &<< 8
        unsafe base.storeBytes(
            of: UInt16(truncatingIfNeeded: pair).littleEndian,
            toByteOffset: place,
            as: UInt16.self
        )
    }

    /// Bytes that a copy looks out for.
    ///
    /// Two bytes of which one has just one bit more are one test: with that bit set, both are the same.
    struct Watch {
        private typealias Test = (set: UInt64, value: UInt64)
        private var tests: (Test, Test)
        /// Bits that no byte may have.
        private let bits: UInt64

        /// Nil where that is more than two tests.
        init?(_ bytes: [UInt8], notASCII: Bool) {
            let ones: UInt64 = 0x0101_0101_0101_0101
            var left = bytes
            var tests: [Test] = []
            while let byte = left.popLast() {
                var set: UInt8 = 0
                if let other = left.firstIndex(where: { ($0 ^ byte).nonzeroBitCount == 1 }) {
                    set = left.remove(at: other) ^ byte
                }
                tests.append((UInt64(set) &* ones, UInt64(byte | set) &* ones))
            }
            guard tests.count <= 2 else { return nil }
            // 0xFF stands in no UTF-8.
            while tests.count < 2 { tests.append((0, .max)) }
            self.tests = (tests[0], tests[1])
            bits = notASCII ? 0x8080_8080_8080_8080 : 0
        }

        /// A bit in each byte of the word that is watched for; bytes above such a one may have it too.
        @inline(__always)
        func finds(_ word: UInt64) -> UInt64 {
            let one = (word | tests.0.set) ^ tests.0.value
            let two = (word | tests.1.set) ^ tests.1.value
            let zeros =
                (one &- 0x0101_0101_0101_0101) & ~one | (two &- 0x0101_0101_0101_0101) & ~two
            return zeros & 0x8080_8080_8080_8080 | word & bits
        }
    }

    /// Copies a text behind which 8 more bytes can be read, and says whether nothing that is watched for
    /// is in it.
    @inline(__always)
    mutating func copy(
        _ bytes: Span<UInt8>,
        _ start: Int,
        _ length: Int,
        watching watch: Watch
    ) -> Bool {
        precondition(start >= 0 && length > 0 && start &+ length &+ 8 <= bytes.count)
        func copyWord(_ place: Int) -> UInt64 {
            let word = unsafe bytes.bytes.unsafeLoadUnaligned(
                fromUncheckedByteOffset: start &+ place,
                as: UInt64.self
            )
            unsafe base.storeBytes(of: word, toByteOffset: count &+ place, as: UInt64.self)
            return UInt64(littleEndian: word)
        }
        var found: UInt64 = 0
        var place = 0
        while length &- place > 8 {
            found |= watch.finds(copyWord(place))
            place &+= 8
        }
        // What is behind the text does not count: it is shifted out, and the zeros that come in are none
        // of the watched.
        let behind = UInt64(truncatingIfNeeded: 64 &- 8 &* (length &- place))
        found |= watch.finds(copyWord(place) &<< behind)
        count &+= length
        return found == 0
    }

    /// Moves what is in the buffer to the end of an array.
    mutating func drain(into output: inout [UInt8]) {
        unsafe output.append(contentsOf: UnsafeRawBufferPointer(start: base, count: count))
        count = 0
    }
}

/// The 8 digits of a number below 10^8, zeros in front.
struct EightDigits {
    private let digits: UInt64

    /// Fours, pairs, then digits are taken apart side by side, without a division.
    @inline(__always)
    init(_ value: UInt64) {
        let high = value / 10_000
        let fours = high | (value &- high &* 10_000) &<< 32
        let hundreds = (fours &* 10_486) &>> 20 & 0x0000_007F_0000_007F
        let pairs = hundreds | (fours &- hundreds &* 100) &<< 16
        let tens = (pairs &* 103) &>> 10 & 0x000F_000F_000F_000F
        digits = tens | (pairs &- tens &* 10) &<< 8
    }

    /// As text, the first digit lowest.
    @inline(__always)
    var ascii: UInt64 { digits | 0x3030_3030_3030_3030 }

    /// How many there are without zeros in front; 0 for 0.
    @inline(__always)
    var count: Int { 8 &- (digits.trailingZeroBitCount &>> 3) }
}

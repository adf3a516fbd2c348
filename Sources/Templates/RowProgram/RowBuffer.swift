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
    mutating func set(_ byte: UInt8, at place: Int) {
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

    /// Appends bytes of a pool.
    @inline(__always)
    mutating func append(_ pool: Span<UInt8>, _ start: Int, _ length: Int) {
        copy(pool, start, length, watching: .nothing)
    }

    /// Bytes that a copy looks out for beside control characters, each eight times in a word.
    struct Watch: Sendable {
        private var bytes: (UInt64, UInt64, UInt64, UInt64, UInt64)
        /// Bits that no byte may have.
        private var bits: UInt64

        static let nothing = Watch([], notASCII: false)

        /// The most bytes that one can look out for.
        static let most = 5

        /// Looks out for at most five bytes.
        init(_ bytes: [UInt8], notASCII: Bool) {
            func word(_ index: Int) -> UInt64 {
                // 0xFF stands in no UTF-8.
                UInt64(index < bytes.count ? bytes[index] : 0xFF) &* 0x0101_0101_0101_0101
            }
            self.bytes = (word(0), word(1), word(2), word(3), word(4))
            bits = notASCII ? 0x8080_8080_8080_8080 : 0
        }

        /// Not zero where one of the bytes, or one below 0x20, is in the word.
        @inline(__always)
        func finds(_ word: UInt64) -> UInt64 {
            @inline(__always)
            func zeros(_ word: UInt64) -> UInt64 { (word &- 0x0101_0101_0101_0101) & ~word }
            let controls = (word &- 0x2020_2020_2020_2020) & ~word
            let found =
                zeros(word ^ bytes.0) | zeros(word ^ bytes.1) | zeros(word ^ bytes.2)
                | zeros(word ^ bytes.3) | zeros(word ^ bytes.4) | controls
            return found & 0x8080_8080_8080_8080 | word & bits
        }
    }

    /// Copies a text and says whether nothing that is watched for is in it.
    @inline(__always)
    @discardableResult
    mutating func copy(
        _ bytes: Span<UInt8>,
        _ start: Int,
        _ length: Int,
        watching watch: Watch
    ) -> Bool {
        precondition(start >= 0 && length >= 0 && start &+ length <= bytes.count)
        var found: UInt64 = 0
        var place = 0
        let room = bytes.count &- start
        while place < length {
            var word: UInt64
            if place &+ 8 <= room {
                word = unsafe UInt64(
                    littleEndian: bytes.bytes.unsafeLoadUnaligned(
                        fromUncheckedByteOffset: start &+ place,
                        as: UInt64.self
                    )
                )
            } else {
                word = 0
                for index in place..<length {
                    word |= UInt64(bytes[start &+ index]) << UInt64(8 &* (index &- place))
                }
            }
            unsafe base.storeBytes(
                of: word.littleEndian,
                toByteOffset: count &+ place,
                as: UInt64.self
            )
            let left = length &- place
            if left < 8 {
                // What is behind the text counts as blanks.
                let mask = UInt64.max << UInt64(8 &* left)
                word = word & ~mask | 0x2020_2020_2020_2020 & mask
            }
            found |= watch.finds(word)
            place &+= 8
        }
        count &+= length
        return found == 0
    }

    /// Moves what is in the buffer to the end of an array.
    mutating func drain(into output: inout [UInt8]) {
        unsafe output.append(contentsOf: UnsafeRawBufferPointer(start: base, count: count))
        count = 0
    }
}

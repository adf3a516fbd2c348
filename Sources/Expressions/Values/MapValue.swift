/// Values by key, in the order in which they were put in.
///
/// A key is a bool, an int, a decimal or a text; 1 and 1.0 are one key.
public struct MapValue: Sendable {
    /// The keys in order.
    public private(set) var keys: [Value] = []
    private var values: [Value: Value] = [:]

    /// An empty map.
    public init() {}

    /// How many keys there are.
    public var count: Int { keys.count }

    /// The value of a key; nil where the map has no such key.
    public subscript(key: Value) -> Value? { values[key] }

    /// Puts a value under a new key; false, and nothing changed, where the key is there already.
    public mutating func insert(_ key: Value, _ value: Value) -> Bool {
        guard values[key] == nil else { return false }
        keys.append(key)
        values[key] = value
        return true
    }
}

extension MapValue: Hashable {
    /// Whether both have the same keys with the same values, in whatever order.
    public static func == (left: MapValue, right: MapValue) -> Bool { left.values == right.values }

    /// Hashes so that equal maps hash alike.
    public func hash(into hasher: inout Hasher) { hasher.combine(values) }
}

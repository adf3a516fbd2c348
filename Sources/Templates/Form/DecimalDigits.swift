internal import Transactions

/// Digits of whole numbers as ASCII, straight into a buffer.
enum DecimalDigits {
    /// Appends the digits of a number, with zeros in front up to `atLeast`.
    static func append(_ value: UInt128, atLeast: Int = 1, to output: inout [UInt8]) {
        if let narrow = UInt64(exactly: value) {
            append(narrow, atLeast: atLeast, to: &output)
            return
        }
        let (high, low) = value.quotientAndRemainder(dividingBy: 1_000_000_000_000_000_000)
        append(high, atLeast: atLeast - 18, to: &output)
        append(UInt64(low), atLeast: 18, to: &output)
    }

    /// The same for what fits 64 bits, where division is 10 times cheaper.
    static func append(_ value: UInt64, atLeast: Int = 1, to output: inout [UInt8]) {
        var count = 1
        var rest = value
        while rest >= 10 {
            rest /= 10
            count += 1
        }
        count = max(count, atLeast)
        let start = output.count
        for _ in 0..<count { output.append(0x30) }
        var place = start + count - 1
        rest = value
        while rest > 0 {
            output[place] = 0x30 + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
            place -= 1
        }
    }
}

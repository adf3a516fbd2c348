import Testing

@testable import Delivery

/// The hash that tells versions apart.
struct `Fingerprints` {
    /// Values of MurmurHash3_x64_128, seed 0, as mmh3 5 gives them.
    @Test(arguments: [
        ("", "00000000000000000000000000000000"),
        ("a", "897859f6655555855a890e51483ab5e6"),
        ("0123456", "a6f70626b89feb134ef3de2f49efebb4"),
        ("01234567", "4d3587739b033682204996d8879336c3"),
        ("012345678", "ba38e79f51871e4cf197d599f87aa172"),
        ("0123456789abcde", "5123bfc0f6d52da6f04c547c0cf5cc4f"),
        ("0123456789abcdef", "a7d14acf946de04bda08a7635c5bc387"),
        ("0123456789abcdefg", "def945aa2d61328eee72c306c2f40008"),
        ("hello", "029bbd41b3a7d8cb191dae486a901e5b"),
        ("The quick brown fox jumps over the lazy dog", "6c1b07bc7bbc4be347939ac4a93c437a"),
        (String(repeating: "õunapuu ", count: 40), "ea128a85f98088ba85e257848bbb53eb"),
    ])
    func `are those of MurmurHash3`(_ text: String, _ expected: String) {
        #expect(hexadecimal(Fingerprint(of: Array(text.utf8)).bytes) == expected)
    }

    @Test func `come back from the ledger as they went`() {
        let one = Fingerprint(of: Array("a row".utf8))
        #expect(Fingerprint(one.bytes) == one)
        #expect(Fingerprint(of: Array("a roW".utf8)) != one)
    }
}

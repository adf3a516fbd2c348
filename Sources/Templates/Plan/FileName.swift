/// File names as shares and shells bear them (reliability: fixed part, number, dates, contract,
/// invoice number and currency only).
enum FileName {
    /// The longest name, in bytes.
    static let longest = 120

    static func isSafe(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "A"..."Z", "a"..."z", "0"..."9", ".", "_", "-": true
        default: false
        }
    }

    /// A value as part of a name: every other sign and points become `-`.
    static func part(_ text: [UInt8]) -> [UInt8] {
        var part: [UInt8] = []
        for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
            part.append(isSafe(scalar) && scalar != "." ? UInt8(scalar.value) : 0x2D)
        }
        return part
    }

    /// The name without a leading dot or dash, and no device's name.
    static func whole(_ text: String) -> String {
        var name = text
        var dropped: Character?
        while let first = name.first, first == "." || first == "-" { dropped = name.removeFirst() }
        // A value of nothing but such signs leaves the ending alone.
        if name.isEmpty || dropped == "." {
            name = name.isEmpty ? "export" : "export." + name
        }
        let devices: Set<String> = [
            "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7",
            "com8", "com9", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
        ]
        if let stem = name.split(separator: ".").first, devices.contains(stem.lowercased()) {
            name = "_" + name
        }
        return name
    }
}

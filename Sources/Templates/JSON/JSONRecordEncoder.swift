internal import Expressions

/// Writes records as JSON objects (RFC 8259), a field a member.
struct JSONRecordEncoder: Sendable {
    let fields: [CompiledField]
    /// Each field's name as it stands in the file: `"name":`.
    private let names: [[UInt8]]

    init(fields: [CompiledField]) {
        self.fields = fields
        names = fields.enumerated().map { index, field in
            var name: [UInt8] = []
            Self.appendText(Array((field.name ?? "field\(index + 1)").utf8), to: &name)
            return name + [0x3A]
        }
    }

    /// Appends one member; an absent value leaves its member out.
    ///
    /// `text`: the value as UTF-8; `isAbsent`: whether it stands for no value.
    func append(
        _ text: [UInt8],
        isAbsent: Bool,
        at index: Int,
        isFirst: inout Bool,
        to output: inout [UInt8],
        _ format: FormatDeclaration
    ) {
        if isAbsent, format.absent == nil { return }
        if !isFirst { output.append(0x2C) }
        isFirst = false
        output.append(contentsOf: names[index])
        if isAbsent, format.absent == "null" {
            output.append(contentsOf: "null".utf8)
        } else if !isAbsent, isBare(fields[index].content) {
            output.append(contentsOf: text)
        } else {
            Self.appendText(text, to: &output)
        }
    }

    /// Numbers and booleans stand without quotes.
    private func isBare(_ content: CompiledField.Content) -> Bool {
        guard case .value(_, let form) = content else { return false }
        return form.isNumber || form.type.present == .bool
    }

    /// A string with what RFC 8259, 7 has escaped.
    static func appendText(_ text: [UInt8], to output: inout [UInt8]) {
        output.append(0x22)
        for byte in text {
            switch byte {
            case 0x22: output.append(contentsOf: "\\\"".utf8)
            case 0x5C: output.append(contentsOf: "\\\\".utf8)
            case 0x0A: output.append(contentsOf: "\\n".utf8)
            case 0x0D: output.append(contentsOf: "\\r".utf8)
            case 0x09: output.append(contentsOf: "\\t".utf8)
            case 0..<0x20, 0x7F:
                let digits = Array("0123456789abcdef".utf8)
                output.append(contentsOf: "\\u00".utf8)
                output.append(digits[Int(byte >> 4)])
                output.append(digits[Int(byte & 15)])
            default: output.append(byte)
            }
        }
        output.append(0x22)
    }
}

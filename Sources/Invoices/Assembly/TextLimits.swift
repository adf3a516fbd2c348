/// The lengths that a format allows, counted in Unicode code points as XML Schema counts them.
///
/// Texts are cut between characters and noted; what identifies is refused instead. Characters that XML
/// 1.0 forbids, which card terminals can put into names, become blanks.
struct TextLimits {
    private let profile: InvoiceProfile

    init(_ profile: InvoiceProfile) { self.profile = profile }

    /// What a text may be.
    private struct Limit {
        let lengths: ClosedRange<Int>
        /// Whether a text that is too long is cut, not refused.
        let isCut: Bool
    }

    func apply(
        to invoice: inout Invoice,
        noting notices: inout [Finding],
        refusing refusals: inout [Finding]
    ) {
        var texts = TextVisitor(limits: limits)
        texts.visit(&invoice)
        if texts.blanked > 0 {
            notices.append(
                Finding(
                    .characters,
                    "\(texts.blanked) characters that XML does not allow became blanks"
                )
            )
        }
        for (number, count) in texts.cut.sorted(by: { $0.key < $1.key }) {
            let limit = limits[number]?.lengths.upperBound ?? 0
            notices.append(
                Finding(
                    .cutText,
                    "\(number): \(count) \(count == 1 ? "text was" : "texts were") cut to \(limit) "
                        + "characters, as \(profile.rawValue) asks"
                )
            )
        }
        for (number, length) in texts.refused.sorted(by: { $0.key < $1.key }) {
            let limit = limits[number]?.lengths ?? 0...0
            refusals.append(
                Finding(
                    .textLength,
                    "\(number) has \(length) characters, \(profile.rawValue) takes "
                        + "\(limit.lowerBound) to \(limit.upperBound)"
                )
            )
        }
    }

    /// By the term's number; a property's value is BT-161.
    private var limits: [String: Limit] {
        switch profile {
        case .en16931, .peppol, .xrechnung: [:]
        case .estonian: Self.estonian
        case .finvoice: Self.finvoice
        }
    }

    private static func cut(_ most: Int, from least: Int = 0) -> Limit {
        Limit(lengths: least...most, isCut: true)
    }

    private static func kept(_ least: Int, _ most: Int) -> Limit {
        Limit(lengths: least...most, isCut: false)
    }

    /// Short text 20, normal 100, long 500 characters (e-invoice_ver1.2.xsd).
    private static let estonian: [String: Limit] = [
        "BT-1": kept(1, 100), "BT-12": kept(1, 100), "BT-25": kept(1, 100), "BT-83": kept(2, 20),
        "BT-20": cut(100), "BT-22": cut(100), "BT-27": cut(100), "BT-30": kept(1, 15),
        "BT-31": kept(1, 15), "BT-35": cut(100), "BT-36": cut(100), "BT-37": cut(100),
        "BT-38": kept(1, 10), "BT-44": cut(100), "BT-47": kept(1, 15), "BT-48": kept(1, 15),
        "BT-50": cut(100), "BT-51": cut(100), "BT-52": cut(100), "BT-53": kept(1, 10),
        "BT-85": cut(100), "BT-120": cut(500), "BT-127": cut(500), "BT-133": cut(20),
        "BT-153": cut(500), "BT-155": cut(20), "BT-160": cut(100), "BT-161": cut(500),
        "unitText": cut(20), "shownCard": kept(0, 20),
    ]

    /// Finvoice3.0.xsd; the beneficiary's name in EpiDetails has 35 characters.
    private static let finvoice: [String: Limit] = [
        "BT-1": kept(1, 20), "BT-10": cut(70), "BT-12": kept(0, 70), "BT-13": kept(0, 70),
        "BT-20": cut(70), "BT-22": cut(512), "BT-25": kept(1, 20), "BT-27": cut(70, from: 2),
        "BT-35": cut(35, from: 2), "BT-36": cut(35, from: 2), "BT-37": cut(35, from: 2),
        "BT-38": kept(2, 35), "BT-44": cut(70, from: 2), "BT-50": cut(35, from: 2),
        "BT-51": cut(35, from: 2), "BT-52": cut(35, from: 2), "BT-53": kept(2, 35),
        "BT-85": cut(35, from: 2), "BT-120": cut(70), "BT-127": cut(512), "BT-128": cut(70),
        "BT-133": cut(35), "BT-153": cut(100), "BT-155": cut(70), "BT-160": cut(70),
        "BT-161": cut(70), "unitText": cut(14),
    ]

    /// Goes through every text of an invoice, cleans it and keeps its limit.
    private struct TextVisitor {
        let limits: [String: Limit]
        var blanked = 0
        var cut: [String: Int] = [:]
        var refused: [String: Int] = [:]

        mutating func visit(_ invoice: inout Invoice) {
            visit("BT-1", &invoice.number)
            visit("BT-10", &invoice.buyerReference)
            visit("BT-12", &invoice.contractReference)
            visit("BT-13", &invoice.orderReference)
            visit("BT-19", &invoice.buyerAccountingReference)
            visit("BT-20", &invoice.paymentTerms)
            visit("BT-22", &invoice.notes)
            if var reference = invoice.precedingInvoice {
                visit("BT-25", &reference.number)
                invoice.precedingInvoice = reference
            }
            visit(&invoice.seller, first: 27)
            visit(&invoice.buyer, first: 44)
            if var payment = invoice.payment {
                visit("BT-82", &payment.meansText)
                visit("BT-83", &payment.reference)
                visit("BT-85", &payment.creditTransfer, \.name)
                invoice.payment = payment
            }
            for index in invoice.vatBreakdown.indices {
                visit("BT-120", &invoice.vatBreakdown[index].exemptionReason)
            }
            for index in invoice.lines.indices { visit(&invoice.lines[index]) }
        }

        private mutating func visit(_ party: inout Party, first: Int) {
            // The terms of the buyer are numbered like the seller's from BT-44 on, but for the address.
            let address = first == 27 ? 35 : 50
            visit("BT-\(first)", &party.name)
            visit("BT-\(first + 1)", &party.tradingName)
            visit("BT-\(first + 2)", &party.identifier)
            visit("BT-\(first + 3)", &party.registrationNumber)
            visit("BT-\(first + 4)", &party.vatNumber)
            visit("BT-\(address)", &party.address.street)
            visit("BT-\(address + 1)", &party.address.additionalStreet)
            visit("BT-\(address + 2)", &party.address.city)
            visit("BT-\(address + 3)", &party.address.postCode)
            visit("BT-\(address + 4)", &party.address.subdivision)
        }

        private mutating func visit(_ line: inout InvoiceLine) {
            visit("BT-127", &line.notes)
            for index in line.objects.indices {
                var id: String? = line.objects[index].id
                visit("BT-128", &id)
                line.objects[index].id = id ?? ""
            }
            line.objects.removeAll { $0.id.isEmpty }
            visit("unitText", &line.unitText)
            visit("BT-133", &line.accountingReference)
            visit("BT-153", &line.itemName)
            visit("BT-154", &line.descriptions)
            visit("BT-155", &line.sellerItemIdentifier)
            visit("shownCard", &line.shownCard)
            for index in line.properties.indices {
                var value: String? = line.properties[index].value
                var name: String? = line.properties[index].name
                visit("BT-160", &name)
                visit("BT-161", &value)
                line.properties[index].name = name ?? ""
                line.properties[index].value = value ?? ""
            }
            line.properties.removeAll { $0.value.isEmpty }
        }

        private mutating func visit<Group>(
            _ number: String,
            _ group: inout Group?,
            _ path: WritableKeyPath<Group, String?>
        ) {
            guard var present = group else { return }
            visit(number, &present[keyPath: path])
            group = present
        }

        private mutating func visit(_ number: String, _ texts: inout [String]) {
            texts = texts.compactMap { text in
                var kept: String? = text
                visit(number, &kept)
                return kept
            }
        }

        private mutating func visit(_ number: String, _ text: inout String?) {
            guard let present = text else { return }
            let cleaned = clean(present)
            // What is only blanks is no value; an empty element would break R008.
            guard cleaned.unicodeScalars.contains(where: { $0 != " " }) else {
                text = nil
                return
            }
            text = cleaned
            guard let limit = limits[number] else { return }
            let length = cleaned.unicodeScalars.count
            if length < limit.lengths.lowerBound {
                refused[number] = length
            } else if length > limit.lengths.upperBound {
                guard limit.isCut else {
                    refused[number] = length
                    return
                }
                text = Self.cut(cleaned, to: limit.lengths.upperBound)
                cut[number, default: 0] += 1
            }
        }

        private mutating func clean(_ text: String) -> String {
            var isClean = true
            for scalar in text.unicodeScalars where !Self.isAllowed(scalar) {
                isClean = false
                blanked += 1
            }
            guard !isClean else { return text }
            var cleaned = String.UnicodeScalarView()
            for scalar in text.unicodeScalars {
                cleaned.append(Self.isAllowed(scalar) ? scalar : " ")
            }
            return String(cleaned)
        }

        /// Char of XML 1.0, less the controls of Latin-1 and the line breaks that a one-line text has no use for.
        private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
            switch scalar.value {
            case 0x20...0x7E, 0xA0...0xD7FF, 0xE000...0xFFFD, 0x1_0000...0x10_FFFF: true
            default: false
            }
        }

        /// At most so many code points, whole characters only.
        private static func cut(_ text: String, to most: Int) -> String {
            var kept = ""
            var length = 0
            for character in text {
                length += character.unicodeScalars.count
                guard length <= most else { break }
                kept.append(character)
            }
            return kept
        }
    }
}

internal import Transactions

/// What a column of an example file may mean, in words of the feeds.
enum ColumnMeaning: String, CaseIterable, Sendable {
    case transactionId, date, time, started, ended, statusDate, station, terminal, receipt
    case authorization, card, currency, productCode, productName, productType, plate, driver
    case quantity, unitPrice, netUnitPrice, discount, gross, vatRate, vat, net, odometer
    case invoiceDate, invoiceNo, contract, charger, status, connector

    /// The field of a feed that it is; nil where the feed has none.
    func field(of feed: Feed) -> Field? {
        let field: Field =
            switch self {
            case .transactionId: .transactionId
            case .date, .time, .ended: .transactionTime
            case .started: feed == .evTransactions ? .transactionStartTime : .transactionTime
            case .statusDate: .statusDate
            case .station: .stationId
            case .terminal: .terminalId
            case .receipt: .receiptNo
            case .authorization: .authorizationCode
            case .card: .cardNumber
            case .currency: .currency
            case .productCode: .occProductCode
            case .productName: .occProductName
            case .productType: .occProductType
            case .plate: .plateNumber
            case .driver: .driverName
            case .quantity: .quantity
            case .unitPrice: .pricePerUnit
            case .netUnitPrice: .netPricePerUnit
            case .discount: .discountPerUnit
            case .gross: .totalPrice
            case .vatRate: .vatRate
            case .vat: .vatAmount
            case .net: .netAmount
            case .odometer: .odometerReadout
            case .invoiceDate: .invoiceDate
            case .invoiceNo: .invoiceNo
            case .contract: .contractNumber
            case .charger: .chargerId
            case .status: .transactionStatus
            case .connector: .connectorNumber
            }
        return feed.fields.contains(field) ? field : nil
    }

    /// Words of Estonian, English, German, Swedish and Finnish headings, as `folded` writes them.
    private static let words: [ColumnMeaning: String] = [
        .transactionId: """
        tehing tehingunr tehinguid tehingunumber transaction transactionid transactionno \
        transactionnumber transid txnid txid trxid id transaktion transaktionsid \
        transaktionsnummer transaktionsnr transaktionid tapahtuma tapahtumaid tapahtumanumero
        """,
        .date: """
        kuupaev kpv kuup tehingukuupaev tehingukpv date transactiondate transdate postingdate \
        bookingdate datum buchungsdatum belegdatum transaktionsdatum bokforingsdatum paivays \
        paivamaara pvm tapahtumapaiva tapahtumapvm ostokuupaev purchasedate inkopsdatum
        """,
        .time: """
        kell kellaaeg aeg time transactiontime datetime timestamp ajahetk uhrzeit zeit \
        zeitstempel tid klockslag tidpunkt aika kellonaika aikaleima
        """,
        .started: """
        algus algusaeg started start starttime startdate begin beginn startzeit starttid alku \
        alkuaika transactionstarttime
        """,
        .ended: """
        lopp lopuaeg lopetatud ended end endtime ende endzeit slut sluttid loppu loppuaika
        """,
        .statusDate: "statusdate staatusekuupaev statusdatum",
        .station: """
        jaam tankla tanklanr teenindusjaam station stationid stationno site siteid siteno \
        tankstelle tankstellennummer stationsnummer asema asemanro huoltoasema
        """,
        .terminal: "terminal terminalid terminalno pos kassa terminali paate",
        .receipt: """
        kviitung kviitunginr kviitunginumber tsekk tsekinr receipt receiptno receiptnumber \
        belegnummer belegnr quittung kvitto kvittonr kvittonummer kuitti kuittinumero
        """,
        .authorization: "autoriseerimiskood authorizationcode authcode authorisation autorisierung",
        .card: """
        kaart kaardinr kaardinumber kaardi card cardno cardnumber pan karte kartennummer \
        kartennr kort kortnummer kortnr kortti korttinumero kortinnumero
        """,
        .currency: "valuuta currency currencycode ccy cur wahrung waehrung wkz valuta valuutta",
        .productCode: """
        tootekood toodekood kaubakood tootenr productcode productno productid itemcode itemno \
        sku artikelnummer artikelnr produktcode produktnummer produktkod varukod tuotekoodi \
        tuotenumero
        """,
        .productName: """
        toode tootenimetus tootenimi kaup nimetus kirjeldus selgitus product productname \
        description itemname item artikel produkt produktname bezeichnung beschreibung text \
        buchungstext produktnamn benamning beskrivning tuote tuotenimi selite kuvaus
        """,
        .productType:
            "tooteliik tooteruhm producttype productgroup warengruppe varugrupp tuoteryhma",
        .plate: """
        auto autonr autonumber numbrimark regnr regmark registreerimisnumber plate platenumber \
        licenseplate licenceplate registration regno vehicle vehicleno soiduk kennzeichen \
        fahrzeug registreringsnummer fordon bil bilnummer ajoneuvo rekisterinumero reknro \
        rekisteritunnus
        """,
        .driver:
            "juht juhinimi driver drivername fahrer fahrername forare kuljettaja kuljettajannimi",
        .quantity: """
        kogus hulk liitrid maht quantity qty volume litres liters litre menge liter kvantitet \
        antal volym maara litrat kwh energy energia energie energiemenge energi
        """,
        .unitPrice: """
        hind uhikuhind price unitprice priceperunit preis einzelpreis stuckpreis pris apris \
        styckpris hinta yksikkohinta
        """,
        .netUnitPrice: "hindkmta netprice netunitprice netpriceperunit nettopreis nettopris",
        .discount: "soodustus allahindlus discount discountperunit rabatt alennus",
        .gross: """
        kokku summa summakmga summakokku total totalprice totalamount gross grossamount amount \
        brutto bruttobetrag betrag gesamt gesamtbetrag summe umsatz belopp totalbelopp totalt \
        bruttobelopp yhteensa loppusumma bruttosumma
        """,
        .vatRate: """
        kmmaar kmprotsent kaibemaksumaar kmprots vatrate vatpercent vatpct taxrate mwstsatz \
        ustsatz steuersatz momssats momsprocent alvprosentti alvkanta alvpros
        """,
        .vat: """
        km kmsumma kaibemaks kaibemaksusumma vat vatamount vatsum tax taxamount mwst \
        mwstbetrag ust ustbetrag steuer steuerbetrag moms momsbelopp alv alvmaara alvsumma
        """,
        .net: """
        neto netosumma netto kmta summakmta summailmakm net netamount nettotal nettobetrag \
        nettobelopp nettosumma veroton verotonsumma
        """,
        .odometer: """
        odomeeter labisoit spidomeeter odometer odometerreadout mileage kmstand \
        kilometerstand matarstallning matkamittari mittarilukema
        """,
        .invoiceDate:
            "arvekuupaev arvekpv invoicedate rechnungsdatum fakturadatum laskupaiva laskupvm",
        .invoiceNo: """
        arve arvenr arvenumber invoice invoiceno invoicenumber invoicenum rechnung \
        rechnungsnummer rechnungsnr faktura fakturanummer fakturanr lasku laskunumero \
        laskunnumero
        """,
        .contract: """
        leping lepingunr lepingunumber contract contractno contractnumber vertrag \
        vertragsnummer vertragsnr avtal avtalsnummer sopimus sopimusnumero
        """,
        .charger: "laadija laadijanr charger chargerid ladesaule ladestation laddare laturi",
        .status: "staatus olek transactionstatus sessionstatus zustand tila",
        .connector: "pistik connector connectornumber connectorno stecker uttag liitin",
    ]

    private static let byWord: [String: ColumnMeaning] = {
        var meanings: [String: ColumnMeaning] = [:]
        for (meaning, words) in words {
            for word in words.split(whereSeparator: \.isWhitespace) {
                meanings[String(word)] = meaning
            }
        }
        return meanings
    }()

    /// What a heading says: as a whole, else by the longest word that is in it.
    init?(heading: String) {
        let whole = Self.folded(heading)
        // The feeds' own names mean themselves.
        if let own = Self.byWord[whole] {
            self = own
            return
        }
        if let field = Field.allCases.first(where: { Self.folded($0.name) == whole }),
            let own = Self.allCases.first(where: { meaning in
                Feed.allCases.contains { meaning.field(of: $0) == field }
            })
        {
            self = own
            return
        }
        let words = heading.split { !$0.isLetter }.map { Self.folded(String($0)) }
        let inside = words.filter { Self.byWord[$0] != nil }.max { $0.count < $1.count }
        guard let word = inside, let meaning = Self.byWord[word] else { return nil }
        self = meaning
    }

    /// Small letters and digits only, without marks: `Ühikuhind, €` is `uhikuhind`.
    static func folded(_ text: String) -> String {
        let plain: [Character: String] = [
            "õ": "o", "ä": "a", "ö": "o", "ü": "u", "å": "a", "š": "s", "ž": "z", "ß": "ss",
        ]
        return text.lowercased().reduce(into: "") { folded, character in
            if let letter = plain[character] {
                folded += letter
            } else if character.isASCII, character.isLetter || character.isNumber {
                folded.append(character)
            }
        }
    }

    /// Whether values of it are dates or times.
    var isMoment: Bool {
        switch self {
        case .date, .time, .started, .ended, .statusDate, .invoiceDate: true
        default: false
        }
    }

    /// Whether values of it are amounts, which are rounded to what is written.
    var isAmount: Bool {
        switch self {
        case .quantity, .unitPrice, .netUnitPrice, .discount, .gross, .vatRate, .vat, .net: true
        default: false
        }
    }
}

extension Partner {
    /// Runs a test at the place of a partner who exports XML invoices of one product.
    public static func withInvoices<Result>(_ body: (Partner) async throws -> Result) async throws
        -> Result
    {
        let address = "address: { street: A 1, city: Tallinn, post_code: \"10111\", country: EE }"
        let exports = """
              - name: invoices
                template: \(Checkout.path)/templates/ubl-peppol
                start: 2026-11-01
                invoice:
                  seller: { name: A, registration_number: "10000001", registration_scheme: "0191", vat_number: EE100000001, endpoint: { scheme: "0191", id: "10000001" }, \(address) }
                  buyer: { name: B, registration_number: "10000002", registration_scheme: "0191", vat_number: EE100000002, endpoint: { scheme: "0191", id: "10000002" }, \(address) }
                  payment: { means: "30", iban: EE382200221020145685, due: P14D }
                  buyer_reference: R
                  products: products.csv
            """
        return try await Partner.with(exports: exports, isInitialised: false) { partner in
            try partner.write(
                "products.csv",
                "product,account,taxCode,unit,vatCategory,exemptionReason\n1005,401120,V24,LTR,S,\n"
            )
            let result = try partner.occExport("init")
            guard result.status == 0 else { throw PartnerFailure(says: result.error) }
            return try await body(partner)
        }
    }
}

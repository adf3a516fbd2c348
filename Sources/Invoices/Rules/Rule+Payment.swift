extension Rule {
    static let paymentRules = [br49, br50, br61]

    /// A Payment instruction (BG-16) shall specify the Payment means type code (BT-81).
    static let br49 = Rule("BR-49") { invoice in
        guard let payment = invoice.payment, isBlank(payment.meansCode) else { return [] }
        return [Breach("BT-81", detail: "the payment instructions have no means code")]
    }

    /// A Payment account identifier (BT-84) shall be present if Credit transfer (BG-17) information is provided.
    static let br50 = Rule("BR-50") { invoice in
        guard let transfer = invoice.payment?.creditTransfer, isBlank(transfer.account) else {
            return []
        }
        return [Breach("BT-84", detail: "the credit transfer has no account")]
    }

    /// If the Payment means type code (BT-81) is a credit transfer, the Payment account identifier (BT-84) shall be present.
    static let br61 = Rule("BR-61") { invoice in
        guard let payment = invoice.payment, let code = payment.meansCode,
            ["30", "58"].contains(code), isBlank(payment.creditTransfer?.account)
        else { return [] }
        return [
            Breach(
                "BT-81",
                "BT-84",
                detail: "payment means \(code) needs an account, and there is none"
            )
        ]
    }
}

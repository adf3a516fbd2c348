/// Made-up certificates and keys, for tests on loopback only; made with openssl.
///
/// The certificates are valid from 2020 to 2120, but for `expired`, which ended in 2021.
enum TestCertificates {
    /// The authority that signed the others.
    static let authority = """
        -----BEGIN CERTIFICATE-----
        MIIBmTCCAT+gAwIBAgIUVDnMspKlpCAg/ep8yWO/jvrEDPswCgYIKoZIzj0EAwIw
        ITEfMB0GA1UEAwwWTWFkZS11cCB0ZXN0IGF1dGhvcml0eTAgFw0yNjExMjUwMTAz
        NDNaGA8yMTI2MTEwMTAxMDM0M1owITEfMB0GA1UEAwwWTWFkZS11cCB0ZXN0IGF1
        dGhvcml0eTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABHI2cyFoYJVQLk3gnqEF
        6x1gzlFtwXqLsmW7+vyQW9xIE2UrCSYfIk/KzmeW45KR6yheqx+AD4VUHjsj2GR0
        bOCjUzBRMB0GA1UdDgQWBBRIEYScGlQHrDZlrax1Xjr4175qwTAfBgNVHSMEGDAW
        gBRIEYScGlQHrDZlrax1Xjr4175qwTAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49
        BAMCA0gAMEUCICsxy2CGLfBmh0L1E9TCFBj2DdzKELE17G2/P4vl7TXzAiEA+7un
        sLFdjbA0pUjK5xlNAKF3ZMF07UUWBvNl9VpfJU0=
        -----END CERTIFICATE-----
        """
    /// For localhost and 127.0.0.1.
    static let right = """
        -----BEGIN CERTIFICATE-----
        MIIBoTCCAUegAwIBAgICEAAwCgYIKoZIzj0EAwIwITEfMB0GA1UEAwwWTWFkZS11
        cCB0ZXN0IGF1dGhvcml0eTAgFw0yMDAxMDEwMDAwMDBaGA8yMTIwMDEwMTAwMDAw
        MFowJTEjMCEGA1UEAwwaRE5TOmxvY2FsaG9zdCxJUDoxMjcuMC4wLjEwWTATBgcq
        hkjOPQIBBggqhkjOPQMBBwNCAAS4nixu25+YHdgTY+5t9kndvxo0L/JeNuIA3g0P
        NH4lEy5uEIr6mMkMcxHlOOzTr7pqLEWp13DaYQF2ly82zlQ7o2kwZzAaBgNVHREE
        EzARgglsb2NhbGhvc3SHBH8AAAEwCQYDVR0TBAIwADAdBgNVHQ4EFgQUhqCWGRF+
        f6ZSrghOEmmajIhmDJgwHwYDVR0jBBgwFoAUSBGEnBpUB6w2Za2sdV46+Ne+asEw
        CgYIKoZIzj0EAwIDSAAwRQIhAIi1kR+UvEhFLX4xYNsqvRNS+PDagCZcHOscC1Ld
        /RJZAiB1tFPK88AS+9icYgvTKq3apwZtI6KMJxDqeT5JtD7RlA==
        -----END CERTIFICATE-----
        """
    /// The key of `right`.
    static let rightKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQggxKLaLpppmwB4H4J
        VKw1+DmufvP5LKOSCTEuoyxgQ9WhRANCAAS4nixu25+YHdgTY+5t9kndvxo0L/Je
        NuIA3g0PNH4lEy5uEIr6mMkMcxHlOOzTr7pqLEWp13DaYQF2ly82zlQ7
        -----END PRIVATE KEY-----
        """
    /// For other.example.
    static let other = """
        -----BEGIN CERTIFICATE-----
        MIIBljCCAT2gAwIBAgIDVPMAMAoGCCqGSM49BAMCMCExHzAdBgNVBAMMFk1hZGUt
        dXAgdGVzdCBhdXRob3JpdHkwIBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAw
        MDBaMBwxGjAYBgNVBAMMEUROUzpvdGhlci5leGFtcGxlMFkwEwYHKoZIzj0CAQYI
        KoZIzj0DAQcDQgAEtyfm4/79dDpM8oUbRZTu8DIe/JiBYjMmdNJtVwq7FpfAVvdL
        Ih5JA6gIOld0tf8jWhfZFPnsjIHWKHNcSw6iNaNnMGUwGAYDVR0RBBEwD4INb3Ro
        ZXIuZXhhbXBsZTAJBgNVHRMEAjAAMB0GA1UdDgQWBBSb9DS53drFadZ2/VI6kmtm
        j+q81TAfBgNVHSMEGDAWgBRIEYScGlQHrDZlrax1Xjr4175qwTAKBggqhkjOPQQD
        AgNHADBEAiATqsSa8I6VKCg6CxS6xBO1723+D/aL1kxo8kCtLxxQywIgUuqoH+QO
        ZfZHPXm0ujm1qIHCUmM/I6cvT/akGfyPkWM=
        -----END CERTIFICATE-----
        """
    /// The key of `other`.
    static let otherKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgxbAfm5j1QlUMBMtw
        LiSAdatJNqZ4Icij1gauTk6+dUuhRANCAAS3J+bj/v10OkzyhRtFlO7wMh78mIFi
        MyZ00m1XCrsWl8BW90siHkkDqAg6V3S1/yNaF9kU+eyMgdYoc1xLDqI1
        -----END PRIVATE KEY-----
        """
    /// For localhost, until 2021.
    static let expired = """
        -----BEGIN CERTIFICATE-----
        MIIBnzCCAUagAwIBAgIDYP0AMAoGCCqGSM49BAMCMCExHzAdBgNVBAMMFk1hZGUt
        dXAgdGVzdCBhdXRob3JpdHkwHhcNMjAwMTAxMDAwMDAwWhcNMjEwMTAxMDAwMDAw
        WjAlMSMwIQYDVQQDDBpETlM6bG9jYWxob3N0LElQOjEyNy4wLjAuMTBZMBMGByqG
        SM49AgEGCCqGSM49AwEHA0IABKICcIYXTleA019BTUXXA1kB0P0csrotmds+1DrW
        WnyRkVOAO+vnQQ+u0ieBprwi68KZ2AU3UkUpkpbP8UtN1oWjaTBnMBoGA1UdEQQT
        MBGCCWxvY2FsaG9zdIcEfwAAATAJBgNVHRMEAjAAMB0GA1UdDgQWBBQ4rLypj81q
        OSa+MxvKvKiYsGsgbDAfBgNVHSMEGDAWgBRIEYScGlQHrDZlrax1Xjr4175qwTAK
        BggqhkjOPQQDAgNHADBEAiBDiOAfsaLXe9o3860UDcD24i4R32gEDZF6eVHFz3g2
        6AIgEOu3KKuE9NtdzdpZMKtD/VoVabxKfpn4OK9JR87zV0Q=
        -----END CERTIFICATE-----
        """
    /// The key of `expired`.
    static let expiredKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgeSYuMGo3f6Kqpphc
        AjXmIHMRY5qY2HpsRnJEk8sAaRyhRANCAASiAnCGF05XgNNfQU1F1wNZAdD9HLK6
        LZnbPtQ61lp8kZFTgDvr50EPrtIngaa8IuvCmdgFN1JFKZKWz/FLTdaF
        -----END PRIVATE KEY-----
        """
}

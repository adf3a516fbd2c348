public import Testing

extension Tag {
    /// Compares with files that are checked in.
    @Tag public static var golden: Self
    /// Kills programs in the middle of their work.
    @Tag public static var crash: Self
}

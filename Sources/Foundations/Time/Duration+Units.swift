extension Duration {
    /// In seconds, with fraction.
    package var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }

    /// In whole milliseconds, rounded towards zero.
    package var inMilliseconds: Int64 { components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000 }

    /// In whole nanoseconds, rounded towards zero and limited to 292 years.
    package var inNanoseconds: Int64 { Int64(clamping: attoseconds / 1_000_000_000) }
}

#if canImport(Glibc)
    import Glibc
#endif

/// The natural logarithm. Wrapped, as the functions below, so that only this file imports the C library.
@inline(__always)
func logarithm(_ value: Double) -> Double { log(value) }

/// e to the power of `value`.
@inline(__always)
func exponential(_ value: Float) -> Float { exp(value) }

/// `value` to a power.
@inline(__always)
func power(_ value: Float, _ exponent: Float) -> Float { pow(value, exponent) }

/// The angle of a vector in radians.
@inline(__always)
func arcTangent(_ y: Float, _ x: Float) -> Float { atan2(y, x) }

/// The hyperbolic tangent, −1…1.
@inline(__always)
func hyperbolicTangent(_ value: Float) -> Float { tanh(value) }

/// The sine of an angle in radians.
@inline(__always)
func sine(_ angle: Float) -> Float { sin(angle) }

/// The cosine of an angle in radians.
@inline(__always)
func cosine(_ angle: Float) -> Float { cos(angle) }

/// The cubic smoothstep: 0 up to `low`, 1 from `high` on; reversed when `low` is greater than `high`.
@inline(__always)
package func smoothStep(_ low: Float, _ high: Float, _ value: Float) -> Float {
    let t = min(max((value - low) / (high - low), 0), 1)
    return t * t * (3 - 2 * t)
}

/// Marsaglia 2003, xorshift64.
public struct Xorshift: RandomNumberGenerator {
    private var state: UInt64

    /// The same numbers for the same seed.
    public init(seed: UInt64) { state = seed | 1 }

    /// The next number.
    public mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }
}

extension [UInt8] {
    /// One to eight faults: a byte, a number of four bytes at an end of its range, a stretch that is gone, doubled or
    /// noise, an early end.
    public func damaged(_ random: inout Xorshift) -> [UInt8] {
        var bytes = self
        for _ in 0..<Int.random(in: 1...8, using: &random) where bytes.count > 8 {
            // Most of what decides lies near the start.
            let reach = Bool.random(using: &random) ? bytes.count : Swift.min(bytes.count, 256)
            let place = Int.random(in: 0..<reach - 4, using: &random)
            let end = Swift.min(bytes.count, place + Int.random(in: 1...64, using: &random))
            switch Int.random(in: 0..<12, using: &random) {
            case 0..<5: bytes[place] = UInt8.random(in: 0...255, using: &random)
            case 5: bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &random)
            case 6, 7:
                let values: [UInt32] = [0, 1, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 0xFFFF, 0x1000_0000]
                let value = values[Int.random(in: 0..<values.count, using: &random)]
                for byte in 0..<4 { bytes[place + byte] = UInt8(truncatingIfNeeded: value >> UInt32(8 * byte)) }
            case 8: bytes.removeSubrange(place..<end)
            case 9: bytes.insert(contentsOf: Array(bytes[place..<end]), at: place)
            case 10: for index in place..<end { bytes[index] = UInt8.random(in: 0...255, using: &random) }
            default: if Int.random(in: 0..<3, using: &random) == 0 { bytes.removeSubrange(Swift.max(9, place)...) }
            }
        }
        return bytes
    }
}

/// A number for each name, the same in every process and on every machine.
package enum NameHash {
    /// FNV-1a of 64 bits with the last mix of MurmurHash3, since remainders of FNV alone are uneven for names that
    /// differ in their last digits.
    package static func number(_ bytes: some Sequence<UInt8>) -> UInt64 {
        var hash = bytes.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        hash = (hash ^ hash >> 33) &* 0xFF51_AFD7_ED55_8CCD
        hash = (hash ^ hash >> 33) &* 0xC4CE_B9FE_1A85_EC53
        return hash ^ hash >> 33
    }

    /// The number as 16 digits.
    package static func text(_ bytes: some Sequence<UInt8>) -> String {
        let text = String(number(bytes), radix: 16)
        return String(repeating: "0", count: 16 - text.count) + text
    }
}

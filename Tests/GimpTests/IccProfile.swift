import Foundation

/// Writes small ICC profiles (ICC.1:2001-04, version 2) with power-law tone curves.
enum IccProfile {
    /// Columns of the D50 matrix of Display P3 (Apple's profile of that name).
    static func displayP3(gamma: Double) -> Data {
        build(
            space: "RGB ",
            tags: [
                ("rXYZ", xyz(0.51512, 0.24120, -0.00105)), ("gXYZ", xyz(0.29198, 0.69225, 0.04189)),
                ("bXYZ", xyz(0.15710, 0.06657, 0.78407)),
                ("rTRC", curve(gamma)), ("gTRC", curve(gamma)), ("bTRC", curve(gamma)),
            ])
    }

    /// Columns of the D50 matrix of ProPhoto RGB (ROMM RGB), and its gamma of 1.8.
    static let proPhoto = build(
        space: "RGB ",
        tags: [
            ("rXYZ", xyz(0.79767, 0.28804, 0)), ("gXYZ", xyz(0.13519, 0.71187, 0)),
            ("bXYZ", xyz(0.03135, 0.00009, 0.82491)),
            ("rTRC", curve(1.8)), ("gTRC", curve(1.8)), ("bTRC", curve(1.8)),
        ])

    /// Columns of the D50 matrix of Adobe RGB (1998), and its gamma of 563/256.
    static let adobeRGB = build(
        space: "RGB ",
        tags: [
            ("rXYZ", xyz(0.60974, 0.31111, 0.01947)), ("gXYZ", xyz(0.20528, 0.62567, 0.06087)),
            ("bXYZ", xyz(0.14919, 0.06322, 0.74457)),
            ("rTRC", curve(563.0 / 256)), ("gTRC", curve(563.0 / 256)), ("bTRC", curve(563.0 / 256)),
        ])

    static func gray(gamma: Double) -> Data { build(space: "GRAY", tags: [("kTRC", curve(gamma))]) }

    private static func build(space: String, tags: [(name: String, data: Data)]) -> Data {
        let tags =
            [("desc", description("test")), ("cprt", Data("text\0\0\0\0CC0\0".utf8)), ("wtpt", xyz(0.9642, 1, 0.8249))]
            + tags
        var table = Data(), body = Data()
        let start = 128 + 4 + 12 * tags.count
        for (name, data) in tags {
            table += Data(name.utf8) + big(UInt32(start + body.count)) + big(UInt32(data.count))
            body += data + Data(count: (4 - data.count % 4) % 4)
        }
        var header = Data(count: 128)
        func put(_ data: Data, _ offset: Int) { header.replaceSubrange(offset..<offset + data.count, with: data) }
        put(big(UInt32(start + body.count)), 0)
        put(big(0x0240_0000), 8)
        put(Data("mntr\(space)XYZ ".utf8), 12)
        put(Data("acsp".utf8), 36)
        put(fixed(0.9642) + fixed(1) + fixed(0.8249), 68)
        return header + big(UInt32(tags.count)) + table + body
    }

    private static func description(_ text: String) -> Data {
        Data("desc\0\0\0\0".utf8) + big(UInt32(text.utf8.count + 1)) + Data(text.utf8) + Data(count: 1 + 8 + 2 + 1 + 67)
    }

    private static func xyz(_ x: Double, _ y: Double, _ z: Double) -> Data {
        Data("XYZ \0\0\0\0".utf8) + fixed(x) + fixed(y) + fixed(z)
    }
    private static func curve(_ gamma: Double) -> Data {
        let value = UInt16((gamma * 256).rounded())
        return Data("curv\0\0\0\0".utf8) + big(1) + Data([UInt8(value >> 8), UInt8(value & 255)])
    }

    private static func fixed(_ value: Double) -> Data { big(UInt32(bitPattern: Int32((value * 65536).rounded()))) }
    private static func big(_ value: UInt32) -> Data { withUnsafeBytes(of: value.bigEndian) { Data($0) } }
}

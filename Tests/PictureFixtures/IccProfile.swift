import Foundation

/// Makes small matrix profiles (ICC.1:2001-04, version 2) whose effect is known by hand.
public enum IccProfile {
    /// sRGB's primaries adapted to D50 (IEC 61966-2-1).
    public static let red = [0.4360, 0.2225, 0.0139]
    /// The green primary's XYZ.
    public static let green = [0.3851, 0.7169, 0.0971]
    /// The blue primary's XYZ.
    public static let blue = [0.1431, 0.0606, 0.7141]

    /// sRGB's primaries, samples proportional to light.
    public static let linear = matrix(red: red, green: green, blue: blue, gamma: 1, name: "linear light")
    /// Red and green change places, tone curve of exponent 2.2.
    public static let swapped = matrix(red: green, green: red, blue: blue, gamma: 2.2, name: "red and green swapped")

    /// sRGB as most files have it: its curve (IEC 61966-2-1) at 1024 places.
    public static let sRGB = matrix(
        red: red, green: green, blue: blue,
        curve: table(
            (0..<1024).map { place in
                let value = Double(place) / 1023
                return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
            }), name: "sRGB")

    /// One channel proportional to light.
    public static let grayLinear = profile(
        space: "GRAY",
        [
            ("desc", description("linear gray")), ("cprt", copyright), ("wtpt", xyz(white)), ("kTRC", curve(1)),
        ])

    /// - Parameters:
    ///   - red: XYZ of full red under D50, and so on.
    ///   - gamma: light = sample ^ gamma.
    public static func matrix(red: [Double], green: [Double], blue: [Double], gamma: Double, name: String) -> [UInt8] {
        matrix(red: red, green: green, blue: blue, curve: curve(gamma), name: name)
    }

    private static func matrix(red: [Double], green: [Double], blue: [Double], curve: [UInt8], name: String)
        -> [UInt8]
    {
        profile(
            space: "RGB ",
            [
                ("desc", description(name)), ("cprt", copyright), ("wtpt", xyz(white)), ("rXYZ", xyz(red)),
                ("gXYZ", xyz(green)),
                ("bXYZ", xyz(blue)), ("rTRC", curve), ("gTRC", curve), ("bTRC", curve),
            ])
    }

    private static let white = [0.9642, 1, 0.8249]
    private static let copyright = Array("text".utf8) + word(0) + Array("public domain".utf8) + [0]

    private static func description(_ name: String) -> [UInt8] {
        Array("desc".utf8) + word(0) + word(name.utf8.count + 1) + Array(name.utf8)
            + [UInt8](repeating: 0, count: 1 + 4 + 4 + 2 + 1 + 67)
    }

    private static func curve(_ gamma: Double) -> [UInt8] {
        Array("curv".utf8) + word(0) + word(1) + [UInt8(Int(gamma * 256) >> 8), UInt8(Int(gamma * 256) & 255)]
    }

    /// - Parameter light: 0…1 at equal steps of the sample.
    private static func table(_ light: [Double]) -> [UInt8] {
        let numbers = light.map { Int(($0 * 65535).rounded()) }
        return Array("curv".utf8) + word(0) + word(numbers.count)
            + numbers.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }
    }

    private static func profile(space: String, _ tags: [(String, [UInt8])]) -> [UInt8] {
        var (table, body) = (word(tags.count), [UInt8]())
        let start = 128 + 4 + 12 * tags.count
        for (signature, data) in tags {
            table += Array(signature.utf8) + word(start + body.count) + word(data.count)
            body += data + [UInt8](repeating: 0, count: (4 - data.count % 4) % 4)
        }
        var header = word(start + body.count) + word(0) + word(0x0210_0000) + Array("mntr\(space)XYZ ".utf8)
        header += [7, 0xE8, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0] + Array("acsp".utf8) + [UInt8](repeating: 0, count: 28)
        header += Array(xyz(white)[8...])
        return header + [UInt8](repeating: 0, count: 128 - header.count) + table + body
    }

    private static func word(_ value: Int) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) }
    }

    private static func xyz(_ value: [Double]) -> [UInt8] {
        Array("XYZ ".utf8) + word(0) + value.flatMap { word(Int(($0 * 65536).rounded())) }
    }
}

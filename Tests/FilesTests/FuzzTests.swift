import Files
import Foundation
import PictureFixtures
import Raster
import Settings
import XCTest

/// Mutated pictures, every second one with a mutated profile: none may end this process, hang or fill the memory.
///
/// For a minute from a fixed seed; `GIMP_ANIME_STYLE_FUZZ=10000 swift test --filter FuzzTests` takes so many
/// pictures, and `GIMP_ANIME_STYLE_FUZZ_SEED` starts from another one.
final class FuzzTests: XCTestCase {
    private static let longest = Duration.seconds(20)
    private static let mostMemory = 1 << 30

    func testMutatedPictures() throws {
        let environment = ProcessInfo.processInfo.environment
        let wanted = environment["GIMP_ANIME_STYLE_FUZZ"].flatMap(Int.init)
        var random = Xorshift(seed: environment["GIMP_ANIME_STYLE_FUZZ_SEED"].flatMap(UInt64.init) ?? 20_260_101)
        let folder = try TemporaryFolder()
        let seeds = try FuzzSeeds(folder)
        let before = Memory.afresh(), start = ContinuousClock.now
        var (count, read, slowest, ends) = (0, 0, Duration.zero, [String: Int]())
        while wanted.map({ count < $0 }) ?? (start.duration(to: .now) < .seconds(60)) {
            let (name, bytes) = seeds.mutated(withProfile: count % 2 == 1, &random)
            let path = try folder.write(bytes, as: "mutated")
            let clock = ContinuousClock.now
            do {
                let image = try PictureFile.load(path)
                XCTAssertTrue(
                    image.bitmap.pixels.allSatisfy { $0 == $0 }, "\(name), picture \(count) of this seed: not a number")
                read += 1
            } catch let error as StyleError {
                switch error {
                case let .unreadableFile(_, reason): ends["\(reason)", default: 0] += 1
                case .pictureTooLarge: ends["it is too large", default: 0] += 1
                case .tooLittleMemoryForFile: ends["it wants too much memory", default: 0] += 1
                default: XCTFail("\(name), picture \(count) of this seed: \(error)")
                }
            }
            let seconds = clock.duration(to: .now)
            slowest = max(slowest, seconds)
            XCTAssertLessThan(seconds, Self.longest, "\(name), picture \(count) of this seed")
            count += 1
        }
        let memory = Memory(), grown = memory.own - before.own
        XCTAssertLessThan(grown, Self.mostMemory)
        // A child counts what its parent held when it began.
        XCTAssertLessThan(memory.children, max(Self.mostMemory, memory.own + 1, before.children + 1))
        XCTAssertGreaterThan(read, count / 20, "mutations that leave nothing readable test little")
        let refused = ends.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
        print(
            "\(count) pictures, \(read) read, slowest \(slowest), \(grown >> 20) MB more here and",
            "\(memory.children >> 20) MB in the largest decoder; refused: \(refused)"
        )
    }

    /// Most that this process has held at once, and any child of it that has ended, in bytes.
    private struct Memory {
        let own = most(RUSAGE_SELF.rawValue)
        let children = most(RUSAGE_CHILDREN.rawValue)

        /// The same when this process counts from now on (`clear_refs` in proc(5)), whatever tests before held; where
        /// it may not, what it held at most.
        static func afresh() -> Memory {
            try? Data("5".utf8).write(to: URL(fileURLWithPath: "/proc/self/clear_refs"))
            return Memory()
        }

        private static func most(_ who: __rusage_who_t) -> Int {
            var usage = rusage()
            getrusage(who, &usage)
            return usage.ru_maxrss * 1024
        }
    }
}

/// Sound pictures of every format, to be damaged.
private struct FuzzSeeds {
    private let plain: [(name: String, bytes: [UInt8])]
    private let jpeg: [UInt8]
    private let png: [[UInt8]]
    private let picture = Bitmap.gradient(width: 61, height: 43, transparent: true)
    private let profiles = [IccProfile.linear, IccProfile.swapped, IccProfile.grayLinear]

    init(_ folder: TemporaryFolder) throws {
        var made: [(name: String, bytes: [UInt8])] = []
        func add(_ name: String) throws { made.append((name, try TemporaryFolder.bytes(folder.file(name)))) }
        for (name, depth) in [
            ("a8.png", SampleDepth.u8), ("a16.png", .u16), ("a.jpg", .u8), ("a.webp", .u8), ("a8.tif", .u8),
            ("a16.tif", .u16),
            ("af.tif", .float),
        ] {
            var metadata = PictureMetadata()
            (metadata.author, metadata.taken, metadata.across, metadata.down) = (
                "somebody", "2024:05:06 07:08:09", 300, 300
            )
            try PictureFile.save(
                picture, to: folder.file(name), like: PictureTraits(hasAlpha: true, depth: depth, metadata: metadata))
            try add(name)
        }
        let source = try folder.write(Pnm.rgba(picture), as: "source.pam")
        for (name, options) in [
            ("a.gif", ""), ("a.bmp", "-alpha off"),
            ("palette.bmp", "-alpha off -colors 16 -type Palette -compress RLE"), ("interlaced.png", "-interlace PNG"),
            ("palette.png", "-colors 16"), ("progressive.jpg", "-alpha off -interlace JPEG"),
            ("cmyk.jpg", "-alpha off -colorspace CMYK"),
            ("tiled.tif", "-define tiff:tile-geometry=16x16 -compress Zip"),
            ("planes.tif", "-interlace Plane -compress LZW"),
            ("cmyk.tif", "-alpha off -colorspace CMYK -depth 16"), ("jpeg.tif", "-alpha off -compress JPEG"),
            ("runs.tif", "-alpha off -compress RLE"), ("webp.tif", "-alpha off -depth 8 -compress WebP"),
            ("fax.tif", "-alpha off -threshold 50% -compress Group4"), ("lossless.webp", "-define webp:lossless=true"),
        ] {
            try Tools.run(["convert", source] + options.split(separator: " ").map(String.init) + [folder.file(name)])
            try add(name)
        }
        plain = made
        jpeg = made.first { $0.name == "a.jpg" }?.bytes ?? []
        png = made.filter { ["a8.png", "a16.png"].contains($0.name) }.map(\.bytes)
    }

    /// A picture with random faults.
    /// - Parameter withProfile: the faults are in its profile and, in every fourth one, elsewhere too.
    func mutated(withProfile: Bool, _ random: inout Xorshift) -> (name: String, bytes: [UInt8]) {
        if !withProfile {
            let seed = plain[Int.random(in: 0..<plain.count, using: &random)]
            return (seed.name, seed.bytes.damaged(&random))
        }
        let profile = profiles[Int.random(in: 0..<profiles.count, using: &random)].damaged(&random)
        let (name, bytes) = embedded(profile, Int.random(in: 0..<5, using: &random))
        return (name, Int.random(in: 0..<4, using: &random) == 0 ? bytes.damaged(&random) : bytes)
    }

    private func embedded(_ profile: [UInt8], _ kind: Int) -> (String, [UInt8]) {
        switch kind {
        case 0: return ("profile in TIFF, 8 bits", Tiff.rgb(picture, bits: 8, orientation: 1, profile: profile))
        case 1: return ("profile in TIFF, 16 bits", Tiff.rgb(picture, bits: 16, orientation: 6, profile: profile))
        case 2: return ("profile in JPEG", Jpeg.withProfile(profile, jpeg))
        default: return ("profile in PNG", Png.withColour([("iCCP", Png.profileData(profile))], png[kind % png.count]))
        }
    }
}

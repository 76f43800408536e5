import Files
import PictureFixtures
import Raster
import Settings
import XCTest

/// Damaged input and impossible output: one error each, nothing left behind, no crash.
final class FaultTests: XCTestCase {
    private func assertUnreadable(
        _ path: String, _ message: String = "", file: StaticString = #filePath, line: UInt = #line
    ) {
        XCTAssertThrowsError(try PictureFile.load(path), "\(path) \(message)", file: file, line: line) { error in
            guard case .unreadableFile(path, _)? = error as? StyleError else {
                return XCTFail("\(error)", file: file, line: line)
            }
        }
    }

    func testMissingEmptyTextFolder() throws {
        let folder = try TemporaryFolder()
        assertUnreadable(folder.file("none.png"))
        assertUnreadable(folder.path)
        assertUnreadable("-")
        assertUnreadable("")
        for name in ["a.png", "a.jpg", "a.webp", "a.tif", "a"] {
            assertUnreadable(try folder.write([], as: name), "empty")
            assertUnreadable(try folder.write(Array("just some text\n".utf8), as: name), "text")
            assertUnreadable(
                try folder.write((0..<5000).map { UInt8(truncatingIfNeeded: $0 &* 7919 >> 3) }, as: name), "noise")
        }
    }

    func testCutOffFiles() throws {
        let folder = try TemporaryFolder()
        let picture = Bitmap.gradient(width: 200, height: 150)
        let files: [(String, SampleDepth)] = [
            ("a.png", .u8), ("b.png", .u16), ("a.jpg", .u8), ("a.webp", .u8), ("a.tif", .u8), ("b.tif", .u16),
        ]
        for (name, depth) in files {
            try PictureFile.save(picture, to: folder.file(name), like: PictureTraits(depth: depth))
            let bytes = try TemporaryFolder.bytes(folder.file(name))
            for length in [4, 13, 40, bytes.count / 4, bytes.count / 2, bytes.count * 9 / 10] {
                assertUnreadable(
                    try folder.write(Array(bytes.prefix(length)), as: "cut-\(length)-\(name)"), "of \(bytes.count)")
            }
        }
    }

    /// Flipped bytes may leave a readable picture of any content, but never end the process.
    func testDamagedFilesNeverCrash() throws {
        let folder = try TemporaryFolder()
        let picture = Bitmap.gradient(width: 64, height: 48)
        var random = Xorshift(seed: 42)
        for (name, depth) in [
            ("a.png", SampleDepth.u8), ("b.png", .u16), ("a.jpg", .u8), ("a.webp", .u8), ("a.tif", .u8),
            ("b.tif", .u16),
        ] {
            try PictureFile.save(picture, to: folder.file(name), like: PictureTraits(depth: depth))
            let bytes = try TemporaryFolder.bytes(folder.file(name))
            for _ in 0..<25 {
                var damaged = bytes
                for _ in 0..<3 {
                    damaged[Int.random(in: 2..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
                }
                _ = try? PictureFile.load(folder.write(damaged, as: "damaged-\(name)"))
            }
        }
    }

    func testTooLarge() throws {
        let folder = try TemporaryFolder()
        try PictureFile.save(.gradient(width: 8, height: 8), to: folder.file("a.jpg"))
        var bytes = try TemporaryFolder.bytes(folder.file("a.jpg"))
        let frame = try XCTUnwrap((0..<bytes.count - 9).first { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xC0 })
        bytes.replaceSubrange(frame + 5..<frame + 9, with: [0x75, 0x30, 0x75, 0x30])
        XCTAssertThrowsError(try PictureFile.load(folder.write(bytes, as: "big.jpg"))) {
            XCTAssertEqual(
                $0 as? StyleError,
                .pictureTooLarge(width: 30000, height: 30000, maximumPixels: PictureLimits.maximumPixels))
        }
    }

    private func assertUnwritable(_ path: String, file: StaticString = #filePath, line: UInt = #line) {
        XCTAssertThrowsError(
            try PictureFile.save(.gradient(width: 8, height: 8), to: path, overwrite: true), path, file: file,
            line: line
        ) { error in
            guard case .unwritableFile(path, _)? = error as? StyleError else {
                return XCTFail("\(error)", file: file, line: line)
            }
        }
    }

    func testUnwritable() throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(atPath: folder.file("folder.png"), withIntermediateDirectories: false)
        for name in ["a.xyz", "a", ".png/", "folder.png", "none/a.png", "a.png.txt"] {
            assertUnwritable(folder.file(name))
        }
        for name in ["a.png", "a.jpg", "a.tif", "a.webp"] { assertUnwritable("/proc/\(name)") }
        XCTAssertEqual(try folder.names(), ["folder.png"])
    }

    /// A disk that fills up: every format, both codecs. The old file stays as it was.
    func testAFullDiskDamagesNothing() throws {
        let folder = try TemporaryFolder()
        let old = Array("the old file".utf8)
        var random = Xorshift(seed: 7)
        let picture = Bitmap(
            width: 160, height: 120,
            pixels: (0..<160 * 120).map { _ in
                SIMD4(Float.random(in: 0...1, using: &random), Float.random(in: 0...1, using: &random), 0.2, 1)
            })
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
        let before = limit
        let handler = signal(SIGXFSZ, SIG_IGN)
        limit.rlim_cur = 4096
        defer {
            var unlimited = before
            setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &unlimited)
            signal(SIGXFSZ, handler)
        }
        for (name, depth) in [
            ("a.png", SampleDepth.u8), ("b.png", .u16), ("a.jpg", .u8), ("a.webp", .u8), ("a.tif", .u8),
            ("b.tif", .u16),
        ] {
            let path = try folder.write(old, as: name)
            setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
            XCTAssertThrowsError(
                try PictureFile.save(picture, to: path, like: PictureTraits(depth: depth), overwrite: true),
                "\(name) \(depth)")
            var unlimited = before
            setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &unlimited)
            XCTAssertEqual(try TemporaryFolder.bytes(path), old, "\(name) \(depth)")
        }
        XCTAssertEqual(try folder.names(), ["a.jpg", "a.png", "a.tif", "a.webp", "b.png", "b.tif"])
    }

    func testExistingFileIsKeptUnlessTold() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(Array("precious".utf8), as: "a.png")
        XCTAssertThrowsError(try PictureFile.save(.gradient(width: 8, height: 8), to: path)) {
            XCTAssertEqual($0 as? StyleError, .fileExists(path: path))
        }
        XCTAssertEqual(try TemporaryFolder.bytes(path), Array("precious".utf8))
        try PictureFile.save(.gradient(width: 8, height: 8), to: path, overwrite: true)
        XCTAssertEqual(try PictureFile.load(path).bitmap.width, 8)
    }

    func testDigest() throws {
        let folder = try TemporaryFolder()
        // FIPS 180-4's example, one block.
        XCTAssertEqual(
            FileDigest.sha256(try folder.write(Array("abc".utf8), as: "abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        // A million times “a”, the standard's long example: several reads.
        XCTAssertEqual(
            FileDigest.sha256(try folder.write([UInt8](repeating: 0x61, count: 1_000_000), as: "long")),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
        XCTAssertEqual(
            FileDigest.sha256(try folder.write([], as: "empty")),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        XCTAssertNil(FileDigest.sha256(folder.file("none")))
        XCTAssertNil(FileDigest.sha256(folder.path))
    }
}

import Files
import Foundation
import PictureFixtures
import Settings
import XCTest

@testable import Batch

/// Which photographs a batch takes, and what their drawings are called.
final class BatchListTests: XCTestCase {
    private func touch(_ folder: TemporaryFolder, _ names: String...) throws {
        for name in names {
            let path = folder.file(name)
            try Folder.make(path.parentFolder)
            let descriptor = path.withPath { open($0, O_WRONLY | O_CREAT, 0o644) }
            XCTAssertGreaterThanOrEqual(descriptor, 0, name)
            close(descriptor)
        }
    }

    func testNamesDependOnTheirOwnPhotographAlone() {
        let photographs = [
            "a.png", "a.bmp", "a.jpg", "a.JPG", "a.jpeg", "a.bmp.png", "a.bmp.png.png", "b/a.png",
            "b.png/a.bmp", "a.b.png",
        ]
        for format in [nil, FileFormat.png, .jpg, .webp, .tif] {
            let drawings = photographs.map { DrawingName.of($0, format: format) }
            XCTAssertEqual(Set(drawings).count, photographs.count, "\(drawings)")
            for (drawing, photograph) in zip(drawings, photographs) {
                let written = FileFormat(fileName: drawing)
                XCTAssertEqual(written, format ?? FileFormat(fileName: photograph) ?? .png, "\(photograph): \(drawing)")
                XCTAssertEqual(drawing.contains("/"), photograph.contains("/"))
            }
        }
        XCTAssertEqual(DrawingName.of("a.bmp", format: nil), "a.bmp.png")
        XCTAssertEqual(DrawingName.of("a.JPG", format: .jpg), "a.JPG")
        XCTAssertEqual(DrawingName.of("x/v1.2.jpg", format: nil), "x/v1.2.jpg")
    }

    func testLongNamesAreCut() {
        let long = String(repeating: "写", count: 83) + ".heic"
        let other = String(repeating: "写", count: 82) + "真.heic"
        let names = [long, other].map { DrawingName.of("b/" + $0, format: nil) }
        XCTAssertNotEqual(names[0], names[1])
        for name in names {
            XCTAssertLessThanOrEqual(name.lastPathPart.utf8.count, 255)
            XCTAssertTrue(name.hasPrefix("b/写写写") && name.hasSuffix(".png"), name)
        }
        let exact = String(repeating: "a", count: 251) + ".png"
        XCTAssertEqual(DrawingName.of(exact, format: nil), exact)
    }

    func testUnusualEndingsAreTakenAndOthersNamed() throws {
        let folder = try TemporaryFolder()
        try touch(folder, "a.JPG", "b.jfif", "c.jpe", "d.tga", "e.HEIC", "f.Avif", "notes.txt", "raw.cr2", ".hidden")
        let list = try PhotoFolder(path: folder.path, recursive: false).jobs(into: folder.file("out"), format: nil)
        XCTAssertEqual(list.jobs.map(\.name), ["a.JPG", "b.jfif", "c.jpe", "d.tga", "e.HEIC", "f.Avif"])
        XCTAssertEqual(list.leftOut, ["notes.txt", "raw.cr2"])
        XCTAssertEqual(list.notices.count, 1)
        XCTAssertTrue("\(list.notices)".contains("notes.txt, raw.cr2"))
        let pattern = try PhotoPattern("\(folder.path)/*.jpg").jobs(into: folder.file("out"), format: nil)
        XCTAssertEqual(pattern.jobs.map(\.name), ["a.JPG"])
    }

    /// Hidden pictures and folders are named, and what programs hide for themselves is not.
    func testHiddenPicturesAreNamed() throws {
        let folder = try TemporaryFolder()
        try touch(folder, "a.png", ".b.png", ".directory", ".thumbnails/c.png", "d/.e.jpg")
        func list(_ recursive: Bool) throws -> BatchList {
            try PhotoFolder(path: folder.path, recursive: recursive).jobs(into: folder.file("out"), format: nil)
        }
        XCTAssertEqual(try list(false).hidden, [".b.png"])
        XCTAssertEqual(try list(false).notices, ["Left out, since it is hidden: .b.png"])
        XCTAssertEqual(try list(true).hidden, [".b.png", ".thumbnails", "d/.e.jpg"])
        XCTAssertEqual(try list(true).jobs.map(\.name), ["a.png"])
    }

    func testPathsThatExistAreThesePaths() throws {
        let folder = try TemporaryFolder()
        try touch(
            folder, "[2024] trip/a[1].png", "[2024] trip/b.png", "2 trip/c.png", "odd*/d.png", "back\\slash/e.png")
        func names(_ pattern: String) throws -> [String] {
            try PhotoPattern("\(folder.path)/\(pattern)").jobs(into: folder.file("out"), format: nil).jobs.map(\.name)
        }
        XCTAssertEqual(try names("[2024] trip"), ["a[1].png", "b.png"])
        XCTAssertEqual(try names("[2024] trip/*.png"), ["a[1].png", "b.png"])
        XCTAssertEqual(try names("[2024] trip/a[1].png"), ["a[1].png"])
        XCTAssertEqual(try names("odd*/*.png"), ["d.png"])
        XCTAssertEqual(try names("back\\slash/*"), ["e.png"])
        XCTAssertEqual(try names("[0-9] trip/*.png"), ["2 trip/c.png"], "what does not exist is a pattern")
    }

    func testSameNamesInSeveralFolders() throws {
        let folder = try TemporaryFolder()
        try touch(folder, "in/x/1.png", "in/y/1.png", "in/z/1.png")
        let list = try PhotoPattern(folder.file("in/*/*.png")).jobs(into: folder.file("out"), format: nil)
        XCTAssertEqual(list.jobs.map(\.output), ["x", "y", "z"].map { folder.file("out/\($0)/1.png") })
        XCTAssertThrowsError(
            try PhotoPattern(folder.file("in/*/*.png")).jobs(into: folder.file("in"), format: nil),
            "the drawings would be the photographs")
    }

    func testBytesOfNamesAreKept() throws {
        let folder = try TemporaryFolder()
        let odd = String(path: Array("caf".utf8) + [0xE9]), composed = "é.png", decomposed = "e\u{301}.png"
        try touch(folder, "in/\(odd)/\(odd).png", "in/\(composed)", "in/\(decomposed)")
        let list = try PhotoFolder(path: folder.file("in"), recursive: true).jobs(into: folder.file("out"), format: nil)
        let outputs = Set(list.jobs.map { Array($0.output.pathBytes) })
        let path = Array(folder.file("out/").utf8)
        let ending = Array(".png".utf8)
        var nested = Array(odd.pathBytes)
        nested += [0x2F]
        nested += odd.pathBytes
        nested += ending
        let names: [[UInt8]] = [Array(composed.utf8), Array(decomposed.utf8), nested]
        let wanted = names.map { (name: [UInt8]) -> [UInt8] in path + name }
        XCTAssertEqual(outputs, Set(wanted))
        let pattern = try PhotoPattern(folder.file("in/*/*.png")).jobs(into: folder.file("out"), format: nil)
        XCTAssertEqual(pattern.jobs.map { $0.input.lastPathPart.pathBytes }, [odd.pathBytes + ending])
    }

    func testFoldersThatCannotBeReadAreProblems() throws {
        let folder = try TemporaryFolder()
        XCTAssertThrowsError(try PhotoFolder(path: folder.file("none"), recursive: false)) {
            XCTAssertTrue("\($0)".contains("does not exist"), "\($0)")
        }
        try FileManager.default.createSymbolicLink(atPath: folder.file("gone"), withDestinationPath: "nowhere")
        XCTAssertThrowsError(try PhotoFolder(path: folder.file("gone"), recursive: false)) {
            XCTAssertTrue("\($0)".contains("a link to nowhere"), "\($0)")
        }
        try touch(folder, "in/a.png", "in/closed/b.png")
        chmod(folder.file("in/closed"), 0)
        defer { chmod(folder.file("in/closed"), 0o755) }
        guard getuid() != 0 else { return }  // Root reads everything.
        let list = try PhotoFolder(path: folder.file("in"), recursive: true).jobs(into: folder.file("out"), format: nil)
        XCTAssertEqual(list.problems.count, 1)
        XCTAssertTrue("\(list.problems)".contains("permission denied"))
    }

    func testShardsHaveEachPhotographOnce() throws {
        let photographs = (0..<1000).map { (name: "IMG_\($0).jpg", path: "/in/IMG_\($0).jpg") }
        let list = try BatchList(photographs, into: "/out", format: nil)
        for count in [1, 2, 3, 8] {
            let shards = (1...count).map { list.shard($0, of: count).jobs }
            XCTAssertEqual(shards.flatMap { $0 }.map(\.name).sorted(), list.jobs.map(\.name).sorted())
            for shard in shards {
                XCTAssertEqual(Double(shard.count), 1000 / Double(count), accuracy: 50, "\(count) shards are even")
            }
        }
        let fewer = try BatchList(Array(photographs.dropFirst(10)), into: "/out", format: nil)
        XCTAssertEqual(
            fewer.shard(2, of: 8).jobs, list.shard(2, of: 8).jobs.filter { job in fewer.jobs.contains(job) },
            "other photographs change nothing")
    }
}

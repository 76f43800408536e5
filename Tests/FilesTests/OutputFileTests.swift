import Glibc
import PictureFixtures
import Settings
import XCTest

@testable import Files

/// Files that appear whole or not at all, under any name, and claims on work that processes share.
final class OutputFileTests: XCTestCase {
    private func write(_ bytes: [UInt8], _ path: String, overwrite: Bool = false, nameless: Bool = true) throws {
        let file = try OutputFile(path: path, overwrite: overwrite)
        let descriptor = try file.create(nameless: nameless)
        XCTAssertEqual(Glibc.write(descriptor, bytes, bytes.count), bytes.count)
        try file.commit()
    }

    private func reason(_ path: String, overwrite: Bool = true) -> String {
        do {
            try OutputFile.check(path, overwrite: overwrite)
            return ""
        } catch {
            return "\(error)"
        }
    }

    func testAppearsWholeOrNotAtAll() throws {
        let folder = try TemporaryFolder()
        for nameless in [true, false] {
            let path = folder.file("a\(nameless).png")
            var file: OutputFile? = try OutputFile(path: path, overwrite: false)
            let descriptor = try XCTUnwrap(file).create(nameless: nameless)
            _ = Glibc.write(descriptor, [1], 1)
            let names = try folder.names().filter { $0.hasSuffix(".part") }
            XCTAssertEqual(names.count, nameless ? 0 : 1)
            file = nil
            XCTAssertEqual(try folder.names(), [], "what is given up leaves nothing")
            try write([1, 2], path, nameless: nameless)
            XCTAssertEqual(try TemporaryFolder.bytes(path), [1, 2])
            XCTAssertThrowsError(try OutputFile(path: path, overwrite: false)) {
                XCTAssertEqual($0 as? StyleError, .fileExists(path: path))
            }
            try write([3], path, overwrite: true, nameless: nameless)
            XCTAssertEqual(try TemporaryFolder.bytes(path), [3])
            try FileManager.default.removeItem(atPath: path)
        }
    }

    func testAFileThatAppearsMeanwhileIsKept() throws {
        let folder = try TemporaryFolder()
        for nameless in [true, false] {
            let path = folder.file("a.png")
            let file = try OutputFile(path: path, overwrite: false)
            _ = try file.create(nameless: nameless)
            _ = try folder.write([9], as: "a.png")
            XCTAssertThrowsError(try file.commit()) { XCTAssertEqual($0 as? StyleError, .fileExists(path: path)) }
            file.discard()
            XCTAssertEqual(try TemporaryFolder.bytes(path), [9])
            XCTAssertEqual(try folder.names(), ["a.png"])
            try FileManager.default.removeItem(atPath: path)
        }
    }

    func testRightsAndLinksAreKept() throws {
        let folder = try TemporaryFolder()
        for (nameless, rights) in [(true, 0o600), (false, 0o640), (true, 0o664), (true, 0o444)] {
            let path = try folder.write([1], as: "a.png")
            chmod(path, mode_t(rights))
            try FileManager.default.createSymbolicLink(atPath: folder.file("link.png"), withDestinationPath: "a.png")
            try write([2], folder.file("link.png"), overwrite: true, nameless: nameless)
            XCTAssertEqual(try XCTUnwrap(FileStatus(path)).rights, UInt32(rights))
            XCTAssertEqual(try TemporaryFolder.bytes(path), [2])
            XCTAssertEqual(try FileManager.default.destinationOfSymbolicLink(atPath: folder.file("link.png")), "a.png")
            try FileManager.default.removeItem(atPath: folder.file("link.png"))
            try FileManager.default.removeItem(atPath: path)
        }
    }

    /// A name that can be foretold could lead a writer to another file by a link that lies in wait.
    func testTemporaryNamesDiffer() throws {
        let folder = try TemporaryFolder()
        let files = try (0..<50).map { try OutputFile(path: folder.file("\($0).png"), overwrite: false) }
        for file in files { _ = try file.create(nameless: false) }
        let names = try folder.names()
        XCTAssertEqual(Set(names).count, 50)
        XCTAssertFalse(names.contains { $0.contains("\(getpid())") && $0.count < 20 })
        for place in [14, 20, 28] {
            let digits = Set(names.map { Array($0)[place] })
            XCTAssertGreaterThan(digits.count, 4, "digit \(place) varies")
        }
    }

    func testEveryNameOfTheFileSystemWorks() throws {
        let folder = try TemporaryFolder()
        let names: [[UInt8]] = [
            Array(String(repeating: "写", count: 83).utf8) + Array(".png".utf8),
            Array("caf".utf8) + [0xE9] + Array(".png".utf8),
            Array("a b\n[c]*?.png".utf8), Array("\u{1B}[2J.png".utf8),
            Array(repeating: 0x61, count: 251) + Array(".png".utf8),
        ]
        for name in names {
            let path = folder.file("") + String(path: name)
            try PictureFile.save(.gradient(width: 8, height: 8), to: path)
            XCTAssertEqual(try PictureFile.load(path).bitmap.width, 8)
            XCTAssertEqual(try Folder.names(folder.path).map(\.pathBytes), [name])
            XCTAssertEqual(path.withPath { unlink($0) }, 0)
        }
        XCTAssertTrue(reason(folder.file(String(repeating: "a", count: 252) + ".png")).contains("its name is too long"))
    }

    func testImpossiblePlacesAreNamedTruly() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write([1], as: "file")
        let manager = FileManager.default
        try manager.createSymbolicLink(atPath: folder.file("nowhere.png"), withDestinationPath: "gone")
        try manager.createSymbolicLink(atPath: folder.file("loop.png"), withDestinationPath: "loop.png")
        XCTAssertTrue(reason("\(file)/a.png").contains("a part of its path is a file"), reason("\(file)/a.png"))
        XCTAssertTrue(reason(folder.file("none/a.png")).contains("its folder does not exist"))
        XCTAssertTrue(reason(folder.file("nowhere.png")).contains("it is a link to gone, which does not exist"))
        XCTAssertTrue(reason(folder.file("loop.png")).contains("a link that leads to itself"))
        XCTAssertEqual(mkfifo(folder.file("pipe.png"), 0o600), 0)
        XCTAssertTrue(reason(folder.file("pipe.png")).contains("it is a pipe"), reason(folder.file("pipe.png")))
        XCTAssertTrue(reason("/proc/sys/a.png").contains("its folder is"), reason("/proc/sys/a.png"))
        XCTAssertThrowsError(try PictureFile.open(folder.file("nowhere.png"))) {
            XCTAssertTrue("\($0)".contains("it is a link to gone, which does not exist"), "\($0)")
        }
        XCTAssertThrowsError(try PictureFile.open("\(file)/a.png")) {
            XCTAssertTrue("\($0)".contains("a part of its path is a file"), "\($0)")
        }
        XCTAssertThrowsError(try Folder.make("\(file)/below")) {
            XCTAssertTrue("\($0)".contains("not a folder"), "\($0)")
        }
        XCTAssertThrowsError(try Folder.checkWritable("\(file)/below/it"))
        XCTAssertNoThrow(try Folder.checkWritable(folder.file("new/and/deep")))
        XCTAssertNoThrow(try Folder.checkWritable(folder.path))
        XCTAssertThrowsError(try Folder.checkWritable("/proc")) {
            XCTAssertTrue("\($0)".hasPrefix("The folder /proc takes no files ("), "\($0)")
            XCTAssertFalse("\($0)".contains("does not exist"), "\($0)")
        }
    }

    /// Named temporary files of a process that is gone; those in use and new ones stay.
    func testLeftoversGo() throws {
        let folder = try TemporaryFolder()
        let used = try OutputFile(path: folder.file("a.png"), overwrite: false)
        _ = try used.create(nameless: false)
        let mine = try folder.names()
        for name in [".anime-style-0123456789abcdef.part", ".anime-style-fresh.part", ".other.part"] {
            _ = try folder.write([1], as: name)
        }
        let old = Date(timeIntervalSinceNow: -3600)
        for name in mine + [".anime-style-0123456789abcdef.part", ".other.part"] {
            try FileManager.default.setAttributes([.modificationDate: old], ofItemAtPath: folder.file(name))
        }
        OutputFile.removeLeftovers(in: folder.path)
        XCTAssertEqual(try folder.names(), (mine + [".anime-style-fresh.part", ".other.part"]).sorted())
    }

    func testAPieceOfWorkIsTakenOnce() throws {
        let folder = try TemporaryFolder()
        var first: SharedWork? = SharedWork(folder: folder.path), second: SharedWork? = SharedWork(folder: folder.path)
        XCTAssertEqual(first?.take("a"), true)
        XCTAssertEqual(second?.take("a"), false)
        XCTAssertEqual(second?.take("b"), true)
        XCTAssertEqual(first?.take("b"), false)
        first?.give("a")
        XCTAssertEqual(second?.take("a"), true)
        first = nil
        XCTAssertEqual(try folder.names(), [".anime-style.lock"], "one of them still works")
        second = nil
        XCTAssertEqual(try folder.names(), [])
    }

    func testWorkIsSharedAcrossARemovedFile() throws {
        let folder = try TemporaryFolder()
        var first: SharedWork? = SharedWork(folder: folder.path)
        let second = SharedWork(folder: folder.path)
        XCTAssertEqual(first?.take("a"), true)
        first = nil  // Takes the file away, since nobody has a piece.
        let third = SharedWork(folder: folder.path)
        XCTAssertTrue(third.take("b"))
        XCTAssertFalse(second.take("b"), "the second has come to the new file")
    }

    func testALinkInPlaceOfTheLocksIsNotFollowed() throws {
        let folder = try TemporaryFolder()
        let victim = try folder.write([7], as: "victim")
        try FileManager.default.createSymbolicLink(
            atPath: folder.file(".anime-style.lock"), withDestinationPath: victim)
        let work = SharedWork(folder: folder.path)
        XCTAssertTrue(work.take("a"), "without locks everything is free")
        XCTAssertEqual(try TemporaryFolder.bytes(victim), [7])
    }
}

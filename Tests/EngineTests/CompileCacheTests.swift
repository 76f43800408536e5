@testable import Engine
import Foundation
@testable import Models
import Settings
import NetworkFixtures
import XCTest

final class CompileCacheTests: FolderTestCase {
    private var cache: String { "\(folder)/cache/deeper" }

    private func blobs() throws -> [String] {
        let folders = try FileManager.default.contentsOfDirectory(atPath: cache)
        return try folders.flatMap { folder in
            try FileManager.default.contentsOfDirectory(atPath: "\(cache)/\(folder)").filter { $0.hasSuffix(".blob") }
                .map { "\(cache)/\(folder)/\($0)" }
        }
    }

    private func scaled(
        _ path: String, cache: String?, factor: Float, file: StaticString = #filePath, line: UInt = #line
    ) throws {
        let network = try OpenVINOLoader(cacheFolder: cache).network(file: path, precision: .float32)
        let y = try network.run(["x": ramp(4, 6), "shift": Tensor(zeros: [1])])["y"]
        XCTAssertEqual(y?.values, ramp(4, 6).values.map { max(0, $0 * factor) }, file: file, line: line)
    }

    func testIsMadeOnFirstUseAndUsedAgain() throws {
        let path = try write(SampleNetwork.affine(factor: 2))
        try scaled(path, cache: cache, factor: 2)
        let first = try blobs()
        XCTAssertEqual(first.count, 1)
        func inode() throws -> UInt64? {
            try FileManager.default.attributesOfItem(atPath: first[0])[.systemFileNumber] as? UInt64
        }
        let written = try XCTUnwrap(inode())
        try scaled(path, cache: cache, factor: 2)
        XCTAssertEqual(try blobs(), first)
        XCTAssertEqual(try inode(), written, "it was thrown away and written again")
    }

    func testAFolderThatCannotBeMadeIsDoneWithout() throws {
        let path = try write(SampleNetwork.affine(factor: 2))
        let occupied = try write([0], "occupied")
        try scaled(path, cache: occupied, factor: 2)
        try scaled(path, cache: "\(occupied)/below", factor: 2)
        try scaled(path, cache: "/proc/none", factor: 2)
    }

    func testDamagedEntriesAreReplaced() throws {
        let path = try write(SampleNetwork.affine(factor: 2))
        try scaled(path, cache: cache, factor: 2)
        let blob = try XCTUnwrap(blobs().first)
        let whole = try Data(contentsOf: URL(fileURLWithPath: blob))
        var damages = (0..<8).map { whole.prefix(whole.count * $0 / 8) }
        damages.append(Data(repeating: 0xA5, count: whole.count))
        damages.append(whole.prefix(whole.count / 2) + Data(repeating: 0, count: whole.count - whole.count / 2))
        for damage in damages {
            try FileManager.default.removeItem(atPath: blob)
            try damage.write(to: URL(fileURLWithPath: blob))
            try scaled(path, cache: cache, factor: 2)
        }
    }

    /// Any one bit: the engine itself would read most of these without a word.
    func testFlippedBitsAreNoticed() throws {
        let path = try write(SampleNetwork.affine(factor: 2))
        try scaled(path, cache: cache, factor: 2)
        let blob = try XCTUnwrap(blobs().first)
        let whole = try Data(contentsOf: URL(fileURLWithPath: blob))
        for place in stride(from: 0, to: whole.count, by: max(1, whole.count / 40)) {
            var damaged = whole
            damaged[place] ^= 1 << (place % 8)
            try damaged.write(to: URL(fileURLWithPath: blob))
            try scaled(path, cache: cache, factor: 2)
            XCTAssertEqual(try blobs(), [blob])
            XCTAssertNotEqual(try Data(contentsOf: URL(fileURLWithPath: blob)), damaged, "made again: bit of \(place)")
        }
        try FileManager.default.removeItem(atPath: blob + ".sum")
        try scaled(path, cache: cache, factor: 2)
        XCTAssertTrue(FileManager.default.fileExists(atPath: blob + ".sum"), "an entry without its sum is made again")
        XCTAssertEqual(
            try FileManager.default.contentsOfDirectory(atPath: cache).filter { $0.hasPrefix(".") }, [],
            "no process leaves its own folder")
    }

    func testEntriesThatOthersMayWriteAreNotBelieved() throws {
        let path = try write(SampleNetwork.affine(factor: 2))
        try scaled(path, cache: cache, factor: 2)
        let blob = try XCTUnwrap(blobs().first)
        chmod(blob, 0o666)
        try scaled(path, cache: cache, factor: 2)
        XCTAssertEqual(FileStatus(blob)?.rights, 0o600, "it was made again")
        chmod(cache, 0o777)
        try scaled(path, cache: cache, factor: 2)
        let rights = try FileManager.default.attributesOfItem(atPath: cache)[.posixPermissions] as? Int
        XCTAssertEqual(rights, 0o700, "the folder is the user's alone again")
        guard geteuid() == 0 else { return }  // Only root can give files away.
        chown(cache, 12345, 12345)
        try scaled(path, cache: cache, factor: 2)
        XCTAssertEqual(try blobs().count, 1, "another user's folder is left alone")
        chown(blob, 12345, 12345)
        chown(cache, 0, 0)
        try scaled(path, cache: cache, factor: 2)
        XCTAssertEqual(FileStatus(blob)?.owner, 0, "another user's entry is made again")
    }

    func testAReplacedModelIsNotMistakenForTheOldOne() throws {
        let path = try write(SampleNetwork.affine(factor: 2))
        try scaled(path, cache: cache, factor: 2)
        _ = try write(SampleNetwork.affine(factor: 3))
        try scaled(path, cache: cache, factor: 3)
        let date = try XCTUnwrap(FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date)
        _ = try write(SampleNetwork.affine(factor: 5))
        try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: path)
        try scaled(path, cache: cache, factor: 5)
        XCTAssertEqual(try blobs().count, 1, "entries of the models before it must go")
    }

    func testFilesOfEarlierInstallationsGo() throws {
        let path = try write(SampleNetwork.affine(factor: 2))
        try scaled(path, cache: cache, factor: 2)
        let own = try XCTUnwrap(blobs().first)
        let beside = URL(fileURLWithPath: own).deletingLastPathComponent().path
        for age in 1...20 {
            let file = "\(beside)/\(age).blob"
            try Data([0]).write(to: URL(fileURLWithPath: file))
            chmod(file, 0o600)
            let sum = String(CompileCache.checksum(Data([0])), radix: 16)
            try Data(sum.utf8).write(to: URL(fileURLWithPath: file + ".sum"))
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSinceNow: -3600 * Double(age))], ofItemAtPath: file)
        }
        try scaled(path, cache: cache, factor: 2)
        XCTAssertEqual(Set(try blobs()), Set([own] + (1...5).map { "\(beside)/\($0).blob" }))
    }

    func testKeepsOtherNetworksWhenOneIsReplaced() throws {
        try scaled(write(SampleNetwork.affine(factor: 2), "a.onnx"), cache: cache, factor: 2)
        try scaled(write(SampleNetwork.affine(factor: 3), "a.onnx-2.onnx"), cache: cache, factor: 3)
        try scaled(write(SampleNetwork.affine(factor: 4), "a.onnx"), cache: cache, factor: 4)
        XCTAssertEqual(try blobs().count, 2)
    }
}

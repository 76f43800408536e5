@testable import Engine
import Foundation
@testable import Models
import Raster
import Settings
import NetworkFixtures
import XCTest

/// Models that the user puts into a folder of their own.
final class DropInTests: FolderTestCase {
    /// Stands for the program's trial; the real one is tested with the command line.
    private func prepare(trial: String = "printf %s \"$3\"") throws {
        for part in ["models", "detector", "config/gimp-anime-style/models"] {
            try FileManager.default.createDirectory(atPath: "\(folder)/\(part)", withIntermediateDirectories: true)
        }
        for name in ["pnet", "rnet", "onet"]
        where !FileManager.default.fileExists(atPath: "\(folder)/detector/\(name).onnx") {
            try FileManager.default.copyItem(
                atPath: "\(repository)/.third-party/mtcnn/\(name).onnx", toPath: "\(folder)/detector/\(name).onnx")
        }
        try? FileManager.default.createSymbolicLink(
            atPath: "\(folder)/mesh", withDestinationPath: "\(repository)/.third-party/mediapipe")
        let program = try write(Array("#!/bin/sh\necho \"$1 $2\" >>'\(folder)/trials'\n\(trial)\n".utf8), "program")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
    }

    private func engine() -> StyleEngine {
        let installation = Installation(
            executable: "\(folder)/program",
            environment: [
                "GIMP_ANIME_STYLE_HOME": folder, "HOME": folder, "XDG_CACHE_HOME": "\(folder)/cache",
                "XDG_CONFIG_HOME": "\(folder)/config",
            ])
        return StyleEngine(installation: installation, digest: { _ in "0" })
    }

    private func drop(_ bytes: [UInt8], _ name: String) throws {
        _ = try write(bytes, "config/gimp-anime-style/models/\(name)")
    }

    private func drop(_ text: String, _ name: String) throws { try drop(Array(text.utf8), name) }

    private var trials: Int {
        ((try? String(contentsOfFile: "\(folder)/trials", encoding: .utf8)) ?? "").split(separator: "\n").count
    }

    private func photograph(_ width: Int, _ height: Int) -> Bitmap {
        Bitmap(width: width, height: height) { x, y in SIMD4(Float(x) / Float(width), Float(y) / Float(height), 0.25, 1)
        }
    }

    // MARK: - What runs

    func testEveryLayoutAndShapeRunsWithoutAManifest() throws {
        try prepare()
        let shapes: [(name: String, shape: [Int?], size: [Int]?)] = [
            ("planar", [1, 3, nil, nil], nil), ("planar-batch", [nil, 3, nil, nil], nil),
            ("planar-256", [1, 3, 256, 256], [256, 256]),
            ("planar-512x384", [1, 3, 384, 512], [512, 384]), ("interleaved", [1, nil, nil, 3], nil),
            ("interleaved-batch", [nil, nil, nil, 3], nil), ("interleaved-512", [1, 512, 512, 3], [512, 512]),
        ]
        for (name, shape, _) in shapes { try drop(SampleNetwork.negative(shape), "\(name).onnx") }
        let engine = engine()
        XCTAssertEqual(engine.catalog.problems, [])
        XCTAssertEqual(engine.catalog.models.map(\.manifest.id), shapes.map(\.name).sorted())
        for (name, shape, size) in shapes {
            let generator = try engine.stylizer(style: name, precision: .float32).generator
            XCTAssertEqual(generator.manifest.input.layout, shape[1] == 3 ? .NCHW : .NHWC, name)
            XCTAssertEqual(generator.manifest.input.size, size, name)
            XCTAssertEqual(generator.manifest.input.multiple, size == nil ? 32 : 1, name)
            let picture = photograph(300, 200)
            let painting = try generator.paint(picture).pixels
            for (x, y) in [(150, 100), (290, 100), (20, 190)] {
                let difference = SIMD4<Float>(repeating: 1) - picture[x, y] - painting[x, y]
                XCTAssertLessThan(
                    max(abs(difference.x), abs(difference.y), abs(difference.z)), 0.02, "\(name) at \(x), \(y)")
            }
        }
    }

    func testNamesAsTensorFlowWritesThem() throws {
        try prepare()
        try drop(
            SampleNetwork.negative(
                [nil, nil, nil, 3], input: "generator_input:0", output: "generator/G_MODEL/out_layer/Tanh:0"),
            "AnimeGANv2_Hayao 64.onnx")
        let engine = engine()
        let model = try XCTUnwrap(engine.catalog.models.first).manifest
        XCTAssertEqual(model.id, "animeganv2_hayao-64")
        XCTAssertEqual(model.title(languages: ["de"]), "AnimeGANv2 Hayao 64")
        XCTAssertNoThrow(try engine.stylizer(style: model.id, precision: .half).generator.paint(photograph(50, 40)))
    }

    func testTilesOnlyWhereNothingLooksAtTheWholePicture() throws {
        try prepare()
        try drop(SampleNetwork.deep(), "local.onnx")
        try drop(SampleNetwork.normalised(), "global.onnx")
        let models = engine().catalog.models
        XCTAssertEqual(models.map(\.manifest.tiling.allowed), [false, true], "\(models.map(\.manifest.id))")
        let stylizer = try engine().stylizer(style: "global", precision: .float32)
        XCTAssertEqual(try stylizer.stylize(photograph(120, 90), options: StyleOptions()).picture.width, 120)
    }

    func testAManifestMayLeaveOutWhatTheGraphSays() throws {
        try prepare()
        try drop(SampleNetwork.negative([1, 3, nil, nil]), "any.onnx")
        try drop(
            #"""
            {"id": "mine", "title": {"en": "Mine"}, "file": "any.onnx", "input": {"multiple": 8, "range": [0, 1]},
             "licence": "CC0-1.0"}
            """#,
            "a.json")
        try drop(SampleNetwork.negative([nil, nil, nil, nil]), "other.onnx")
        try drop(#"{"input": {"layout": "NHWC"}}"#, "other.json")
        let engine = engine()
        XCTAssertEqual(engine.catalog.problems, [])
        XCTAssertEqual(
            engine.catalog.models.map(\.manifest.id), ["mine", "other"],
            "a file that a manifest names is no model of its own")
        let mine = engine.catalog.models[0].manifest
        XCTAssertEqual(
            [mine.input.name, mine.outputs.colour, mine.licence, mine.title["en"]], ["x", "y", "CC0-1.0", "Mine"])
        XCTAssertEqual(mine.input.multiple, 8)
        XCTAssertEqual(mine.input.range, [0, 1])
        XCTAssertEqual(engine.catalog.models[1].manifest.input.layout, .NHWC)
    }

    // MARK: - What does not

    private func interface(_ input: [Int?], _ output: [Int?], type: OnnxWriter.ElementType = .float) -> OnnxWriter {
        var onnx = OnnxWriter()
        onnx.input("x", input, type: type)
        onnx.output("y", output, type: type)
        onnx.node("Neg", ["x"], "y")
        return onnx
    }

    private func unusable() -> [(name: String, bytes: [UInt8], says: String)] {
        let picture: [Int?] = [1, 3, nil, nil]
        var files: [(String, [UInt8], String)] = [
            ("text", Array("a shopping list".utf8), "damaged or not an ONNX"), ("empty", [], "damaged or not an ONNX"),
            ("xml", Array("<?xml version=\"1.0\"?><net></net>".utf8), "damaged or not an ONNX"),
            ("cut", Array(SampleNetwork.deep().dropLast(100)), "damaged or not an ONNX"),
            ("gray", interface([1, 1, nil, nil], [1, 1, nil, nil]).file, "cannot be told"),
            ("open", interface([nil, nil, nil, nil], [nil, nil, nil, nil]).file, "cannot be told"),
            ("flat", interface([3, nil, nil], [3, nil, nil]).file, "cannot be told"),
            ("half", interface(picture, picture, type: .float16).file, "“x” does not hold 32-bit floats"),
            ("batch", interface([4, 3, nil, nil], picture).file, "is 4×3×?×? and has to be 1×3×height×width"),
            ("turned", interface(picture, [1, nil, nil, 3]).file, "“y” is 1×?×?×3 and has to be"),
            ("strip", interface([1, 3, 256, nil], picture).file, "a fixed width or height but not both"),
            ("dot", interface([1, 3, 1, 1], [1, 3, 1, 1]).file, "16 to 4096"),
            ("wide", interface([1, 3, 1 << 20, 1 << 20], picture).file, "16 to 4096"),
        ]
        func add(_ name: String, _ says: String, _ change: (inout OnnxWriter) -> Void) {
            var onnx = interface(picture, picture)
            change(&onnx)
            files.append((name, onnx.file, says))
        }
        add("external", "weights in another file") { $0.externalConstant("w", [3], location: "../../../../etc/passwd") }
        add("claim", "claim to be larger than the file") {
            $0.constant("w", [3], [1, 2, 3], claimedShape: [1 << 40, 1 << 40, 1 << 40])
        }
        add("loop", "loops or branches") { $0.node("Loop", ["x"], "z", hasGraph: true) }
        add("custom", "operators of “evil.domain”") {
            $0.node("Run", ["x"], "z", domain: "evil.domain", hasGraph: false)
        }
        add("second-input", "it needs the input “more” besides the picture") { $0.input("more", [1]) }
        add("second-output", "it has 2 outputs") { $0.output("more", picture) }
        return files
    }

    func testEachUnusableFileGetsASentenceAndTheOthersStay() throws {
        try prepare()
        try drop(SampleNetwork.negative([1, 3, nil, nil]), "good.onnx")
        let files = unusable()
        for (name, bytes, _) in files { try drop(bytes, "\(name).onnx") }
        try FileManager.default.createDirectory(
            atPath: "\(folder)/config/gimp-anime-style/models/folder.onnx", withIntermediateDirectories: true)
        try drop("{ not json", "broken.json")
        try drop(String(repeating: "[", count: 100_000), "deep.json")
        try drop(#"{"file": "../../secret.onnx"}"#, "escape.json")
        try drop(#"{"id": "lonely"}"#, "lonely.json")
        try drop(#"{"file": "good.onnx", "id": "typed", "input": {"multiple": "eight"}}"#, "typed.json")
        let place = "\(folder)/config/gimp-anime-style/models"
        try FileManager.default.createSymbolicLink(atPath: "\(place)/gone.onnx", withDestinationPath: "/none")
        // A name in Latin 1.
        let stream = fopen(
            place.utf8.map { CChar(bitPattern: $0) } + [
                0x2F, CChar(bitPattern: 0xE9), 0x2E, 0x6F, 0x6E, 0x6E, 0x78, 0,
            ], "w")
        fclose(try XCTUnwrap(stream))
        let engine = engine()
        XCTAssertEqual(engine.catalog.models.map(\.manifest.id), [], "good.onnx belongs to typed.json")
        try FileManager.default.removeItem(atPath: "\(folder)/config/gimp-anime-style/models/typed.json")
        let second = self.engine()
        XCTAssertEqual(second.catalog.models.map(\.manifest.id), ["good"])
        XCTAssertEqual(second.catalog.problems.count, files.count + 7, "\(second.catalog.problems)")
        for (name, says) in [("gone", "it is a link that leads nowhere"), ("/\\xE9", "its name is not UTF-8")] {
            XCTAssertTrue(
                second.catalog.problems.contains { "\($0)".contains("\(name).onnx cannot be used (\(says)") },
                "\(second.catalog.problems)")
        }
        for (name, _, says) in files {
            let text = refusal { _ = try second.stylizer(style: name, precision: .half) }
            XCTAssertTrue(text.contains("\(name).onnx") && text.contains(says), "\(name): \(text)")
        }
        XCTAssertEqual(trials, 0, "a file that can be told to be unusable is not given to the engine")
    }

    func testAFileLargerThanTheLimitIsNotRead() throws {
        try prepare()
        try drop([], "huge.onnx")
        let path = "\(folder)/config/gimp-anime-style/models/huge.onnx"
        let file = try XCTUnwrap(FileHandle(forWritingAtPath: path))
        try file.truncate(atOffset: 1 << 40)
        try file.close()
        try FileManager.default.createSymbolicLink(
            atPath: "\(folder)/config/gimp-anime-style/models/zero.onnx", withDestinationPath: "/dev/zero")
        let start = Date()
        let problems = engine().catalog.problems.map(\.description)
        XCTAssertTrue(problems.contains { $0.contains("200 MB are the most") }, "\(problems)")
        XCTAssertTrue(problems.contains { $0.contains("it is a pipe or a device") }, "\(problems)")
        XCTAssertLessThan(Date().timeIntervalSince(start), 2)
    }

    func testAnInstalledStyleIsNotReplaced() throws {
        try prepare()
        try drop(SampleNetwork.negative([1, 3, nil, nil]), "mine.onnx")
        try drop(#"{"id": "cel"}"#, "mine.json")
        for name in ["cel.json", "cel.onnx"] {
            try FileManager.default.copyItem(atPath: "\(repository)/Models/\(name)", toPath: "\(folder)/models/\(name)")
        }
        let catalog = engine().catalog
        XCTAssertEqual(catalog.models.map(\.path), ["\(folder)/models/cel.onnx"])
        XCTAssertEqual(catalog.problems.count, 1)
        XCTAssertTrue("\(catalog.problems)".contains("its id “cel” is that of"), "\(catalog.problems)")
    }

    // MARK: - The trial

    private func assertTrial(
        _ script: String, says: String, kept: Bool, limit: Duration = .seconds(20), line: UInt = #line
    ) throws {
        try prepare(trial: script)
        try drop(SampleNetwork.negative([1, 3, nil, nil]), "new.onnx")
        let model = try XCTUnwrap(
            ModelCatalog(folders: [], dropIns: ["\(folder)/config/gimp-anime-style/models"], digest: { _ in nil })
                .models.first)
        let cache = "\(folder)/cache/gimp-anime-style/tried"
        let start = Date()
        let text = refusal(
            { try ModelTrial(program: "\(folder)/program", folder: cache, timeLimit: limit).check(model) }, line: line)
        XCTAssertTrue(text.contains("new.onnx cannot be used (") && text.contains(says), text, line: line)
        XCTAssertLessThan(Date().timeIntervalSince(start), 10, line: line)
        XCTAssertEqual(
            engine().catalog.models.isEmpty, kept, "a model that is known not to work leaves the list", line: line)
        try? FileManager.default.removeItem(atPath: folder + "/cache")
    }

    func testATrialThatFailsIsASentence() throws {
        try assertTrial("echo 'the model drew nothing'; exit 1", says: "(the model drew nothing)", kept: true)
        try assertTrial("exit 3", says: "gave up", kept: true)
        try assertTrial("exit 0", says: "gave up", kept: true)
        try assertTrial("echo something else", says: "(something else)", kept: true)
        try assertTrial("kill -XCPU $$", says: "more than 60 seconds", kept: true)
        try assertTrial("kill -SEGV $$", says: "gave up", kept: true)
        try assertTrial("yes 'a long story'", says: "within 1 seconds", kept: true, limit: .seconds(1))
        try assertTrial("exec sleep 60", says: "within 1 seconds", kept: true, limit: .seconds(1))
        XCTAssertTrue(
            refusal {
                try prepare()
                try FileManager.default.removeItem(atPath: "\(folder)/program")
                _ = try engine().stylizer(style: "new", precision: .half)
            }.contains("cannot be started"))
    }

    func testAModelIsTriedOnceUntilItChanges() throws {
        try prepare()
        try drop(SampleNetwork.negative([1, 3, nil, nil]), "new.onnx")
        for _ in 0..<2 { _ = try engine().stylizer(style: "new", precision: .half) }
        XCTAssertEqual(engine().triedCatalog().models.count, 1)
        XCTAssertEqual(trials, 1)
        XCTAssertEqual(try String(contentsOfFile: "\(folder)/trials", encoding: .utf8), "try-model new\n")
        try drop(SampleNetwork.deep(), "new.onnx")
        _ = try engine().stylizer(style: "new", precision: .half)
        XCTAssertEqual(trials, 2)
    }
}

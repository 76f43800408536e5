import Files
import Foundation
import NetworkFixtures
import PictureFixtures
import Raster
import Settings
import XCTest

/// Mutated networks and manifests among the user's models: none may end the program, keep it busy beyond a model's
/// budget or command the terminal, and what is listed has to draw or to be refused in a sentence.
///
/// For a minute from a fixed seed; `GIMP_ANIME_STYLE_FUZZ=5000 swift test --filter ModelFuzzTests` takes so many, and
/// `GIMP_ANIME_STYLE_FUZZ_SEED` starts from another one.
final class ModelFuzzTests: XCTestCase {
    /// The budget of a trial is processor time; this is what a wall clock may show, see `ModelTrial`.
    private static let longest = Duration.seconds(130)

    func testMutatedModels() throws {
        let environment = ProcessInfo.processInfo.environment
        let wanted = environment["GIMP_ANIME_STYLE_FUZZ"].flatMap(Int.init)
        var random = Xorshift(seed: environment["GIMP_ANIME_STYLE_FUZZ_SEED"].flatMap(UInt64.init) ?? 20_260_202)
        let program = try CommandLineProgram()
        let models = program.folder.file("config/gimp-anime-style/models")
        try Folder.make(models)
        let input = program.folder.file("in.png"), out = program.folder.file("out.png")
        try PictureFile.save(.gradient(width: 48, height: 40), to: input)
        let start = ContinuousClock.now
        var (count, listed, drawn, slowest) = (0, 0, 0, Duration.zero)
        while wanted.map({ count < $0 }) ?? (start.duration(to: .now) < .seconds(60)) {
            let (network, manifest) = ModelSeeds.mutated(count, &random)
            try Data(network).write(to: URL(fileURLWithPath: "\(models)/m.onnx"))
            try Data(manifest ?? []).write(to: URL(fileURLWithPath: "\(models)/m.json"))
            if manifest == nil { try FileManager.default.removeItem(atPath: "\(models)/m.json") }
            let clock = ContinuousClock.now
            let list = try program.run("models")
            let seconds = clock.duration(to: .now)
            slowest = max(slowest, seconds)
            let note = "model \(count) of this seed: \(list.text) \(list.errors)"
            XCTAssertLessThan(seconds, Self.longest, note)
            XCTAssertEqual(list.status, 0, note)
            XCTAssertFalse(
                (list.text + list.errors).unicodeScalars.contains { $0.value < 32 && $0 != "\n" && $0 != "\t" }, note)
            let lines = list.text.split(separator: "\n")
            XCTAssertLessThanOrEqual(lines.count + list.errors.split(separator: "\n").count, 5, note)
            if lines.count > 3, let id = lines.last?.prefix(while: { $0 != "\t" }) {
                listed += 1
                let run = try program.run("stylize", input, out, "--overwrite", "--style=\(id)")
                XCTAssertTrue([0, 1].contains(run.status), "\(note) \(run.errors)")
                if run.status == 0 { drawn += 1 }
            }
            count += 1
        }
        print("\(count) models, \(listed) listed, \(drawn) of them drew, slowest \(slowest)")
    }
}

/// Sound models, to be damaged.
private enum ModelSeeds {
    private static let networks: [[UInt8]] = [
        SampleNetwork.negative([1, 3, nil, nil]), SampleNetwork.negative([1, 3, 64, 64]), SampleNetwork.deep(),
        SampleNetwork.normalised(), SampleNetwork.negative([nil, nil, nil, 3]),
    ]
    private static let manifest = """
        {"schema": 1, "id": "mine", "title": {"en": "Mine", "de": "Meins"}, "description": {"en": "Of my own."},
        "file": "m.onnx", "sha256": "", "licence": "CC0-1.0", "version": "1",
        "input": {"name": "x", "layout": "NCHW", "channels": "RGB", "range": [-1, 1], "multiple": 32},
        "outputs": {"colour": "y"}, "lineTint": [0, 0, 0], "lineRange": [0.1, 0.9],
        "face": {"size": 128, "maximumSize": 256, "template": "ffhq512", "templateScale": 0.6667},
        "tiling": {"allowed": true, "tile": 128, "overlap": 64}, "workingSize": 256,
        "defaults": {"strength": 1, "lines": 1, "keepColors": 0}}
        """
    private static let values = [
        "0", "-1", "1e308", "-1e308", "9223372036854775808", "0.5", "4096", "8192", "\"\"", "null", "true", "[]", "{}",
        "\"\\u001b[2J\"", "\"--help\"", "\"../../x\"", "[[[[1]]]]", "\"NHWC\"", "2", "64", "1024", "65",
    ]

    /// Every second model has faults in its manifest, the others in the network; some in both.
    static func mutated(_ number: Int, _ random: inout Xorshift) -> (network: [UInt8], manifest: [UInt8]?) {
        let sound = networks[Int.random(in: 0..<networks.count, using: &random)]
        guard number % 2 == 0 else {
            return (sound.damaged(&random), Bool.random(using: &random) ? nil : Array(manifest.utf8))
        }
        // Mostly the one that the sound manifest is about, so that faults of the manifest alone decide.
        let own = networks[0]
        return (Int.random(in: 0..<6, using: &random) == 0 ? sound.damaged(&random) : own, changed(&random))
    }

    private static func changed(_ random: inout Xorshift) -> [UInt8] {
        switch Int.random(in: 0..<10, using: &random) {
        case 0: return Array(manifest.utf8).damaged(&random)
        case 1: return Array(String(repeating: "[", count: Int.random(in: 1...2000, using: &random)).utf8)
        case 2:
            let depth = Int.random(in: 1...2000, using: &random)
            return Array(
                (String(repeating: "{\"input\":", count: depth) + "1" + String(repeating: "}", count: depth)).utf8)
        default:
            // A value becomes another one, of its own kind or not.
            var parts = manifest.components(separatedBy: ": ")
            for _ in 0..<Int.random(in: 1...2, using: &random) {
                let place = Int.random(in: 1..<parts.count, using: &random)
                let rest = parts[place].drop { $0 != "," && $0 != "}" }
                parts[place] = values[Int.random(in: 0..<values.count, using: &random)] + rest
            }
            return Array(parts.joined(separator: ": ").utf8)
        }
    }
}

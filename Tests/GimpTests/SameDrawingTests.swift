import Foundation
import XCTest

/// GIMP 2.10, GIMP 3 and the command line draw the same picture of a photograph, which ties the two GIMPs together.
final class SameDrawingTests: XCTestCase {
    func testDrawsWhatTheCommandLineDraws() throws {
        let session = try GimpSession.shared.get()
        let photograph = session.folder.appendingPathComponent("same.png").path,
            drawing = session.folder.appendingPathComponent("same-drawn.png").path
        _ = try session.run(
            """
            (let* ((image (portrait)))
              (gimp-file-save RUN-NONINTERACTIVE image (photo-layer image) "\(photograph)" "\(photograph)"))
            """)
        try drawByCommand(photograph, drawing, session)
        let output = try session.run(
            """
            (let* ((image (car (gimp-file-load RUN-NONINTERACTIVE "\(photograph)" "\(photograph)")))
                   (layer (photo-layer image)) (own (draw image layer 100 2))
                   (other (car (gimp-file-load-layer RUN-NONINTERACTIVE image "\(drawing)"))))
              (gimp-image-insert-layer image other 0 0)
              (say "drawn" (differing image layer own 0.03))
              (say "differing" (differing image other own 0.006)))
            """)
        XCTAssertGreaterThan(output.numbers("drawn").first ?? 0, 160 * 160 / 3)
        // One step of 8 bits may be rounded the other way.
        XCTAssertSaid(output, "differing", [0])
    }

    private func drawByCommand(_ photograph: String, _ drawing: String, _ session: GimpSession) throws {
        let process = Process()
        process.executableURL = GimpSession.root.appendingPathComponent(".build/install/release/anime-style")
        process.arguments = [
            "stylize", photograph, drawing, "--style", "cel", "--region", "both", "--strength", "100", "--lines", "100",
            "--keep-colors", "0", "--lighting", "0", "--skin", "80", "--hair", "70", "--precision", "float32",
        ]
        process.environment = ProcessInfo.processInfo.environment.merging([
            "GIMP_ANIME_STYLE_HOME": session.plugIn.path,
            "XDG_CACHE_HOME": session.folder.appendingPathComponent("command-cache").path,
        ]) { $1 }
        do {
            try process.run()
        } catch {
            throw SetupError(
                description: "The command line cannot be started (\(error)); run ./install.sh --test, which builds it.")
        }
        process.waitUntilExit()
        XCTAssertEqual(process.terminationStatus, 0, "the command line drew nothing")
    }
}
